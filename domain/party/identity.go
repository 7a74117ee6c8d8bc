package party

import "strings"

// ValidBusinessNumber checks a 사업자등록번호: ten digits, hyphens allowed where
// they are printed, the last one a check digit with the weights 1 3 7 1 3 7 1 3 5
// and the tens of the ninth product.
func ValidBusinessNumber(number string) bool {
	digits := strings.ReplaceAll(number, "-", "")
	if len(digits) != 10 || strings.Trim(digits, "0123456789") != "" {
		return false
	}
	if len(number) != 10 && (len(number) != 12 || number[3] != '-' || number[6] != '-') {
		return false
	}
	weights := [9]int{1, 3, 7, 1, 3, 7, 1, 3, 5}
	sum := 0
	for i, weight := range weights {
		sum += int(digits[i]-'0') * weight
	}
	sum += int(digits[8]-'0') * 5 / 10
	return int(digits[9]-'0') == (10-sum%10)%10
}

// ValidTNumber checks a Japanese invoice registration number: T and 13 digits,
// the first one a check digit over the other twelve. A number without its T is
// the company's corporate number, which is not yet a registration: refused.
func ValidTNumber(number string) bool {
	digits, registered := strings.CutPrefix(number, "T")
	if !registered || len(digits) != 13 || strings.Trim(digits, "0123456789") != "" {
		return false
	}
	sum := 0
	for n := 1; n <= 12; n++ { // n counts from the right, over the digits after the first
		weight := 2 - n%2
		sum += int(digits[13-n]-'0') * weight
	}
	return int(digits[0]-'0') == 9-sum%9
}
