package activities_test

import (
	"testing"

	"magam/internal/devstack/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }
