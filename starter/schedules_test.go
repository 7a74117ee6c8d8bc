package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	common "go.temporal.io/api/common/v1"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"

	"magam/domain/fault"
	"magam/internal/devstack"
)

func standardSpecs() scheduleSpecs {
	return scheduleSpecs{
		Close:       "0 3 6 * *",
		Ingest:      "30 1 * * *",
		Commitments: "0 8 * * *",
		Watch:       "20 * * * *",
		Zone:        "Asia/Seoul",
	}
}

func TestPreviewTellsWhichMonthEachRunCloses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		spec, zone, from    string
		local, utc, closing []string
	}{
		"the sixth at three in Seoul is the fifth in UTC, and closes the month before": {
			"0 3 6 * *", "Asia/Seoul", "2026-11-22T00:00:00Z",
			[]string{"Sun 2026-12-06 03:00", "Wed 2027-01-06 03:00"},
			[]string{"2026-12-05 18:00Z", "2027-01-05 18:00Z"},
			[]string{"2026-11", "2026-12"},
		},
		"half past midnight of the first is still the old month in UTC, yet closes it (R-13)": {
			"30 0 1 * *", "Asia/Seoul", "2026-10-31T00:00:00Z",
			[]string{"Sun 2026-11-01 00:30", "Tue 2026-12-01 00:30"},
			[]string{"2026-10-31 15:30Z", "2026-11-30 15:30Z"},
			[]string{"2026-10", "2026-11"},
		},
		"a day that some months lack waits for one that has it": {
			"0 9 31 * *", "UTC", "2026-11-01T00:00:00Z",
			[]string{"Thu 2026-12-31 09:00", "Sun 2027-01-31 09:00"},
			[]string{"2026-12-31 09:00Z", "2027-01-31 09:00Z"},
			[]string{"2026-11", "2026-12"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			s := &session{json: true, out: &out, progress: io.Discard}

			err := schedulesPreviewCmd{
				scheduleSpecs: scheduleSpecs{Close: tt.spec, Zone: tt.zone}, Runs: 2, From: tt.from,
			}.Run(t.Context(), s)

			require.NoError(t, err)
			var runs []previewedRun
			require.NoError(t, json.Unmarshal(out.Bytes(), &runs))
			require.Len(t, runs, 2)
			for i, run := range runs {
				require.Equal(t, tt.local[i], run.Local)
				require.Equal(t, tt.utc[i], run.UTC)
				require.Equal(t, tt.closing[i], run.Closes)
			}
		})
	}
}

func TestSpecsThatTwoSchedulersReadDifferentlyAreRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ spec, says string }{
		"six fields":                       {"0 0 3 6 * *", "expected exactly 5 fields"},
		"a descriptor":                     {"@monthly", "does not accept descriptors"},
		"a zone inside":                    {"CRON_TZ=Asia/Seoul 0 3 6 * *", "use --zone"},
		"an hour that no day has":          {"0 24 * * *", "above maximum"},
		"a day of month and a day of week": {"0 3 6 * 1", "mean different things"},
		"the thirtieth of February":        {"0 3 30 2 *", "never fires"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := scheduleSpecs{Close: tt.spec, Zone: "Asia/Seoul"}.plans("")

			require.ErrorContains(t, err, tt.says)
			code, coded := fault.CodeOf(err)
			require.True(t, coded)
			require.Equal(t, fault.Input, code)
		})
	}
}

func TestEveryWrongSpecIsReportedAtOnce(t *testing.T) {
	t.Parallel()

	_, err := scheduleSpecs{Close: "x", Ingest: "30 1 * * *", Commitments: "y", Zone: "Asia/Seoul"}.plans("")

	require.ErrorContains(t, err, "--close")
	require.ErrorContains(t, err, "--commitments")
	require.NotContains(t, err.Error(), "--ingest")
}

func TestZoneMustBeNamed(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"Seoul", "Local", "+09:00"} {
		_, err := scheduleSpecs{Close: "0 3 6 * *", Zone: zone}.plans("")
		require.ErrorContains(t, err, "is not a time zone", zone)
	}
	plans, err := scheduleSpecs{Close: "0 3 6 * *"}.plans("Asia/Seoul")
	require.NoError(t, err)
	require.Equal(t, "Asia/Seoul", plans[0].zone.String())
}

// temporalServer is one that dies with the test process; a machine that can
// neither find nor build it fails the test.
func temporalServer(t *testing.T) client.Client {
	t.Helper()
	layout, err := devstack.FindLayout()
	require.NoError(t, err)
	binary, err := devstack.FindTemporal(t.Context(), layout, t.Logf)
	require.NoError(t, err)
	server, err := devstack.StartTemporal(t.Context(), devstack.TemporalOptions{
		Binary: binary, Log: filepath.Join(t.TempDir(), "temporal.log"), Headless: true,
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Stop()) })
	dialled, err := client.DialContext(t.Context(),
		client.Options{HostPort: server.Address(), Logger: quiet{}})
	require.NoError(t, err)
	t.Cleanup(dialled.Close)
	return dialled
}

func TestSchedulesOnAServer(t *testing.T) {
	t.Parallel()
	server := temporalServer(t)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	var out bytes.Buffer
	s := &session{json: true, out: &out, progress: io.Discard, temporal: server}
	answer := func(err error) []appliedSchedule {
		t.Helper()
		require.NoError(t, err)
		var list []appliedSchedule
		require.NoError(t, json.Unmarshal(out.Bytes(), &list))
		out.Reset()
		return list
	}

	created := answer(schedulesApplyCmd{standardSpecs()}.Run(ctx, s))
	require.Equal(t, []string{"created", "created", "created", "created"}, states(created))

	// The server reads the specs as the preview does.
	plans, err := standardSpecs().plans("")
	require.NoError(t, err)
	for _, p := range plans {
		description, err := s.temporal.ScheduleClient().GetHandle(ctx, p.id).Describe(ctx)
		require.NoError(t, err)
		require.NotEmpty(t, description.Info.NextActionTimes)
		want := p.next(description.Info.NextActionTimes[0].Add(-time.Second),
			len(description.Info.NextActionTimes))
		for i, at := range description.Info.NextActionTimes {
			require.True(t, want[i].Equal(at), "%s: preview %s, server %s", p.id, want[i], at)
		}
		require.Equal(t, enums.SCHEDULE_OVERLAP_POLICY_SKIP, description.Schedule.Policy.Overlap)
		require.Equal(t, p.catchUp, description.Schedule.Policy.CatchupWindow)
		action := description.Schedule.Action.(*client.ScheduleWorkflowAction)
		require.Equal(t, p.workflow, action.Workflow)
		require.Equal(t, p.id, action.ID)
		require.Equal(t, p.queue, action.TaskQueue)
		require.Equal(t, []string{"{}"},
			converter.GetDefaultDataConverter().ToStrings(payloads(t, action.Args)))
	}

	// Applying again changes what differs and keeps what a person paused.
	ingest := s.temporal.ScheduleClient().GetHandle(ctx, "ingest")
	require.NoError(t, ingest.Pause(ctx, client.SchedulePauseOptions{Note: "the provider is late"}))
	changed := standardSpecs()
	changed.Close = "0 9 7 * *"
	updated := answer(schedulesApplyCmd{changed}.Run(ctx, s))
	require.Equal(t, []string{"updated", "paused", "updated", "updated"}, states(updated))
	require.Equal(t, "0 9 7 * * (Asia/Seoul)", updated[0].Spec)
	require.Equal(t, "the provider is late", updated[1].Spec)
	require.Equal(t, "00:00Z", updated[0].Next[len(updated[0].Next)-6:])

	// A schedule fires its workflow by name, with an id that begins with its own.
	closing := s.temporal.ScheduleClient().GetHandle(ctx, "close")
	require.NoError(t, closing.Trigger(ctx, client.ScheduleTriggerOptions{}))
	require.Eventually(t, func() bool {
		description, err := closing.Describe(ctx)
		return err == nil && len(description.Info.RunningWorkflows) == 1 &&
			description.Info.RunningWorkflows[0].WorkflowID[:6] == "close-"
	}, 20*time.Second, 50*time.Millisecond)

	// Removing twice is no error.
	require.Equal(t, []string{"removed"},
		states(answer(schedulesRemoveCmd{IDs: []string{"ingest"}}.Run(ctx, s))))
	require.Equal(t, []string{"was not installed"},
		states(answer(schedulesRemoveCmd{IDs: []string{"ingest"}}.Run(ctx, s))))
	left := answer(schedulesListCmd{}.Run(ctx, s))
	require.Len(t, left, 3)
	require.Equal(t, "close", left[0].Schedule)
	require.Equal(t, "CloseMonth", left[0].Workflow)
}

func states(list []appliedSchedule) []string {
	states := make([]string, len(list))
	for i, one := range list {
		states[i] = one.State
	}
	return states
}

// payloads are a described action's arguments, as they go over the wire.
func payloads(t *testing.T, args []any) *common.Payloads {
	t.Helper()
	wire := &common.Payloads{}
	for _, arg := range args {
		payload, isPayload := arg.(*common.Payload)
		require.True(t, isPayload)
		wire.Payloads = append(wire.Payloads, payload)
	}
	return wire
}
