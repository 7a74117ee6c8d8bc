package sample

import "strconv"

// businessNumber makes a 사업자등록번호 with a right check digit from its
// first nine digits: weights 1 3 7 1 3 7 1 3 5, and the tens of the last product.
func businessNumber(first9 string) string {
	weights := [9]int{1, 3, 7, 1, 3, 7, 1, 3, 5}
	sum := int(first9[8]-'0') * 5 / 10
	for i, weight := range weights {
		sum += int(first9[i]-'0') * weight
	}
	check := strconv.Itoa((10 - sum%10) % 10)
	return first9[:3] + "-" + first9[3:5] + "-" + first9[5:] + check
}

// corporateNumber makes a Japanese T-number with a right check digit from the
// twelve digits behind it: weights 1 and 2 in turn from the right, modulo 9.
func corporateNumber(last12 string) string {
	sum := 0
	for n := 1; n <= 12; n++ {
		weight := 2 - n%2
		sum += int(last12[12-n]-'0') * weight
	}
	return "T" + strconv.Itoa(9-sum%9) + last12
}
