# One image for every service: `runtime --service NAME`, as a user that owns nothing but /var/lib/florin.
FROM swift:6.3-bookworm AS build
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends libnghttp2-dev libpq-dev libsqlite3-dev libssl-dev pkg-config zlib1g-dev \
 && rm -rf /var/lib/apt/lists/*
# Nothing that serves needs Foundation beyond its essentials, but the linker takes a member of it for a generic function that
# others have too, and with it 30 MB of ICU. Empty archives leave it no choice, and say so when something does need it.
WORKDIR /usr/lib/swift_static/linux
RUN for library in Foundation FoundationInternationalization _FoundationICU CoreFoundation; do \
      rm "lib$library.a" && ar cr "lib$library.a"; \
    done
WORKDIR /florin
# SwiftPM wants every target's folder to be there, the tests' too. What was built before is kept beside the image.
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
RUN --mount=type=cache,target=/florin/.build,sharing=locked \
    swift build --configuration release --product runtime --static-swift-stdlib -Xswiftc -use-ld=lld -Xlinker --strip-all -Xlinker -O2 \
 && install -D "$(swift build --configuration release --show-bin-path)/runtime" /out/usr/local/bin/runtime \
 && install -d -o 10001 -g 10001 -m 0700 /out/var/lib/florin
# The same files are the same layer, whenever they were built.
ARG SOURCE_DATE_EPOCH=0
RUN find /out -exec touch --no-dereference --date="@${SOURCE_DATE_EPOCH}" {} +

FROM debian:bookworm-slim
# ping and getent help to find faults of the network. As a plain file, ping needs no capability (it asks for an ICMP socket,
# which net.ipv4.ping_group_range grants); with the one that its package gives it, a confined container could not start it.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates iputils-ping libjemalloc2 libnghttp2-14 libpq5 libsqlite3-0 libssl3 zlib1g \
 && cp /bin/ping /bin/ping.plain && mv /bin/ping.plain /bin/ping \
 && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/*
COPY --from=build /out/ /
ARG REVISION=
# What Release.swift says, as `runtime --version` does.
ARG VERSION=0.2.0
# Small objects that come and go on every core are what jemalloc is better at than glibc.
ENV FLORIN_REVISION=${REVISION} \
    LD_PRELOAD=libjemalloc.so.2
LABEL org.opencontainers.image.title="Florin" \
      org.opencontainers.image.description="A payments backbone: gateway, payment, refund and ledger services" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
USER 10001:10001
ENTRYPOINT ["runtime"]
CMD ["--help"]
