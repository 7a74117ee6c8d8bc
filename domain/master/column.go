package master

// The schema is written as one line per column: name, captions, then what the
// column demands. Each word below returns a changed copy.

func column(name string, typ Type, ko, en string) Column {
	return Column{Name: name, Type: typ, Ko: Words{Caption: ko}, En: Words{Caption: en}}
}

// need marks a column whose cells may not be empty.
func (c Column) need() Column {
	c.Required = true
	return c
}

// or says what an empty cell means.
func (c Column) or(meaning string) Column {
	c.Default = meaning
	return c
}

// of lists the allowed words.
func (c Column) of(codes ...string) Column {
	c.Codes = codes
	return c
}

// suggest lists words that are offered in the drop-down.
func (c Column) suggest(words ...string) Column {
	c.Suggest = words
	return c
}

// to names the sheet whose code the cell must hold.
func (c Column) to(sheet string) Column {
	c.Refers = sheet
	return c
}

// star allows "*" for everybody.
func (c Column) star() Column {
	c.Star = true
	return c
}

// within bounds a number, both ends included; an empty end is open.
func (c Column) within(low, high string) Column {
	c.Min, c.Max = low, high
	return c
}

// say adds the note in both languages.
func (c Column) say(ko, en string) Column {
	c.Ko.Note, c.En.Note = ko, en
	return c
}

// The ends of a validity in months.
func validMonths() []Column {
	return []Column{
		column("from", TypeMonth, "시작월", "From").
			say("적용 시작월(포함). 비우면 처음부터", "First month in force, included. Empty: from the beginning"),
		column("to", TypeMonth, "종료월", "To").
			say("적용 종료월(포함). 비우면 계속", "Last month in force, included. Empty: open"),
	}
}

func columns(list ...Column) []Column { return list }
