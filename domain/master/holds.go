package master

import "github.com/shopspring/decimal"

// HoldRule is one word of the thresholds sheet: what it means, and its value
// where the sheet says nothing.
type HoldRule struct {
	Name    string
	Default string // empty: no threshold unless the sheet sets one
	Ko, En  string
}

// Holds are the words of the thresholds sheet.
var Holds = []HoldRule{
	{
		"jump", "5", "총액이 지난 석 달 중앙값의 이 배수를 넘으면 보류",
		"hold where the total exceeds this many times the median of the last three months",
	},
	{
		"jump-floor", "", "총액이 이 금액(청구 통화) 이하이면 jump를 묻지 않음",
		"no jump is asked below this total, in the document's currency",
	},
	{
		"total-above", "", "총액이 이 금액(청구 통화)을 넘으면 보류",
		"hold where the total exceeds this, in the document's currency",
	},
	{"total-below", "0", "총액이 이 금액보다 작으면 보류", "hold where the total is below this"},
	{"lines", "1500000", "원천 줄 수가 이 수를 넘으면 따로 둠", "park where more source rows than this"},
	{
		"parked-share", "5", "따로 둔 고객이 이 비율(%)을 넘으면 마감 중지",
		"stop the close where more than this per cent of customers are parked",
	},
	{
		"utilization",
		"50",
		"약정 사용률이 이 비율(%) 아래면 알림",
		"alert where a commitment is used less than this per cent",
	},
	{"expiry", "30", "약정 종료 며칠 전에 알릴지", "days before a commitment's end that it is first flagged"},
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
