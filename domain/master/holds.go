package master

import (
	"github.com/shopspring/decimal"

	"magam/domain/party"
)

// HoldRule is one word of the thresholds sheet: what it means, and its value
// where the sheet says nothing.
type HoldRule struct {
	Name    string
	Default string // empty: no threshold unless the sheet sets one
	Ko, En  string
}

// Holds are the words of the thresholds sheet, those that something obeys.
var Holds = []HoldRule{
	{
		party.ThresholdJump, "5", "총액이 지난 석 달 중앙값의 이 배수를 넘으면 보류",
		"hold where the total exceeds this many times the median of the last three months",
	},
	{
		party.ThresholdJumpFloor, "", "총액이 이 금액(청구 통화) 이하이면 jump를 묻지 않음",
		"no jump is asked below this total, in the document's currency",
	},
	{
		party.ThresholdTotalAbove, "", "총액이 이 금액(청구 통화)을 넘으면 보류",
		"hold where the total exceeds this, in the document's currency",
	},
	{party.ThresholdTotalBelow, "0", "총액이 이 금액보다 작으면 보류", "hold where the total is below this"},
	{party.ThresholdLines, "1500000", "원천 줄 수가 이 수를 넘으면 따로 둠", "park where more source rows than this"},
	{
		party.ThresholdDelivery, "50", "받은 자료의 합계가 예상과 이 %보다 크게 다르면 운영자에게 알림 (고객은 *)",
		"alarm where a delivered total is further than this percentage from what was expected (customer *)",
	},
	{
		party.ThresholdDeliveryFloor, "100", "차이가 이 금액(원천 통화)보다 작으면 delivery-jump를 묻지 않음 (고객은 *)",
		"no delivery-jump is asked below this difference, in the source's currency (customer *)",
	},
}

// HoldNames lists the words.
func HoldNames() []string {
	names := make([]string, len(Holds))
	for i, hold := range Holds {
		names[i] = hold.Name
	}
	return names
}

// holdDefault is a word's value where the sheet says nothing.
func holdDefault(name string) (decimal.Decimal, bool) {
	for _, hold := range Holds {
		if hold.Name == name && hold.Default != "" {
			return decimal.RequireFromString(hold.Default), true
		}
	}
	return decimal.Zero, false
}
