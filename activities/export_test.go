package activities

// PlaceOf shows where a file lies in Azure's folders, for the test of its shapes.
func PlaceOf(key string) (export, span, run, month string) {
	place := placeOf(key)
	if covered := place.month(); !covered.IsZero() {
		month = covered.String()
	}
	return place.export, place.span, place.run, month
}
