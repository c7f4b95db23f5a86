#!/usr/bin/env bash
# Rewrites the committed Swift of Protos/: `make generate`. Needs protoc (Debian: protobuf-compiler, libprotobuf-dev) and protoc-gen-swift
# of the swift-protobuf release that Package.swift names, at $PROTOC_GEN_SWIFT.
set -euo pipefail
cd "$(dirname "$0")"
plugin=${PROTOC_GEN_SWIFT:?path of protoc-gen-swift}

# messages MODULE_DIR FILE...: the messages.
messages() {
  local out=../Sources/$1; shift
  mkdir -p "$out"
  rm -f "$out"/*.pb.swift
  protoc --plugin=protoc-gen-swift="$plugin" --swift_opt=Visibility=Package --swift_opt=UseAccessLevelOnImports=true \
    --swift_opt=FileNaming=PathToUnderscores --swift_out="$out" "$@"
}

# generate MODULE_DIR ENUM FILE...: messages, and one Swift file that holds their descriptors for reflection.
generate() {
  local module=$1 out=../Sources/$1 name=$2; shift 2
  messages "$module" "$@"
  {
    echo "/// The descriptors of this module's .proto files, a base64 \`google.protobuf.FileDescriptorSet\` (\`make generate\`)."
    echo "package enum $name {"
    echo "    package static let fileDescriptorSet = \"\"\""
    protoc --include_imports --descriptor_set_out=/dev/stdout "$@" | base64 -w 100 | sed 's/^/        /; s/$/\\/' | sed '$ s/\\$//'
    echo "        \"\"\""
    echo "}"
  } > "$out/$name.swift"
}

generate Transport/TransportMessages TransportDescriptors grpc/health/v1/health.proto \
  grpc/reflection/v1/reflection.proto grpc/reflection/v1alpha/reflection.proto \
  google/rpc/status.proto google/rpc/error_details.proto
generate Runtime/ServiceMessages ServiceDescriptors payment.proto refund.proto ledger.proto
messages Runtime/TelemetryMessages opentelemetry/proto/common/v1/common.proto \
  opentelemetry/proto/resource/v1/resource.proto opentelemetry/proto/trace/v1/trace.proto \
  opentelemetry/proto/collector/trace/v1/trace_service.proto
