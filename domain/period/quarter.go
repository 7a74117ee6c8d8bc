package period

// quarterMonths is how many months a quarter has.
const quarterMonths = 3

// QuarterStart is the first month of the calendar quarter that the month is in.
func (m Month) QuarterStart() Month { return m.Add(-(m.Number() - 1) % quarterMonths) }

// QuarterEnd is its last month.
func (m Month) QuarterEnd() Month { return m.QuarterStart().Add(quarterMonths - 1) }
