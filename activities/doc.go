// Package activities holds the hands of the house: what touches the store, the
// blobs and the mail, one struct per reason to change.
//
// Each struct declares the small interfaces it needs; worker marries them to
// the doors. Every activity's comment says why it may run twice. It does not
// own decisions over time (see workflows) or arithmetic (see domain).
package activities
