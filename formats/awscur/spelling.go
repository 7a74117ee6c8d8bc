package awscur

import (
	"strings"

	"magam/formats/table"
)

// spelling finds a report's columns under whichever of their names it uses: the
// legacy one (lineItem/UnblendedCost) or the one that parquet files, Athena and
// CUR 2.0 share (line_item_unblended_cost).
type spelling struct {
	header table.Header
	snaked bool
}

func spellingOf(header table.Header) spelling {
	return spelling{
		header,
		header.Index("lineItem/UnblendedCost") < 0 && header.Has(snake("lineItem/UnblendedCost")),
	}
}

// name is how the report spells a legacy name.
func (s spelling) name(legacy string) string {
	if s.snaked {
		return snake(legacy)
	}
	return legacy
}

// names is name for several.
func (s spelling) names(legacy []string) []string {
	spelt := make([]string, len(legacy))
	for i, one := range legacy {
		spelt[i] = s.name(one)
	}
	return spelt
}

// at is the position of a column by its legacy name, and -1 where the report has none.
func (s spelling) at(legacy string) int {
	name := s.name(legacy)
	if found := s.header.Index(name); found >= 0 || !s.snaked {
		return found
	}
	return s.header.Index(flatARN(name))
}

// flatARN is a name as tools spell it that leave an ARN in one piece.
func flatARN(name string) string {
	if arn, cut := strings.CutSuffix(name, "_a_r_n"); cut {
		return arn + "_arn"
	}
	return name
}

// snake spells a legacy name as parquet files and CUR 2.0 do: a line before each
// capital, ReservationARN being no exception: reservation_reservation_a_r_n.
func snake(legacy string) string {
	var spelt strings.Builder
	started := false // within the part before or after the stroke
	for _, letter := range []byte(legacy) {
		switch {
		case letter == '/':
			spelt.WriteByte('_')
			started = false
			continue
		case letter >= 'A' && letter <= 'Z':
			if started {
				spelt.WriteByte('_')
			}
			letter += 'a' - 'A'
		}
		spelt.WriteByte(letter)
		started = true
	}
	return spelt.String()
}

// tagKey turns a snake spelling of a tag's key back as far as it can be: who gave
// the tag stands before the first line. The case that a legacy parquet file folded is lost.
func tagKey(spelt string) string {
	for _, giver := range []string{"user", "aws"} {
		if key, cut := strings.CutPrefix(spelt, giver+"_"); cut && key != "" {
			return giver + ":" + key
		}
	}
	return spelt
}
