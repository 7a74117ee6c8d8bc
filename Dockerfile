# One image for the worker and the starter; docker-compose.yml says which runs.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -mod=readonly -trimpath -buildvcs=false -ldflags=-s -o /out/ ./starter ./worker

# Alpine rather than an empty image: its wget asks /healthz.
FROM alpine:3.22
RUN apk add --no-cache ca-certificates && adduser -D -u 10001 magam
COPY --from=build /out/starter /out/worker /usr/local/bin/
USER magam
WORKDIR /home/magam
ENTRYPOINT ["/usr/local/bin/starter"]
