# Two stages: the first compiles, with libpq, OpenSSL and SQLite from source; the second holds the
# one binary, which carries its templates, styles and migrations in itself.
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends gcc libc6-dev make perl \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --locked --profile dist --package rosterline --bin rosterline

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin rosterline \
 && install -d -m 0700 -o rosterline -g rosterline /data
COPY --from=build /src/target/dist/rosterline /usr/local/bin/rosterline
USER rosterline
ENV ROSTERLINE_BIND=0.0.0.0:8080 \
    ROSTERLINE_DATA_DIR=/data
# Database, index and master key: losing it is losing the sealed contacts.
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["rosterline"]
CMD ["serve"]
