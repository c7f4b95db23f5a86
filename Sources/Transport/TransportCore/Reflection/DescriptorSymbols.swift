internal import SwiftProtobuf

/// The names that one .proto file declares, fully qualified, without a leading dot.
struct DescriptorSymbols {
    private(set) var messages: [String] = []
    /// Enums and their values, fields, oneofs, services, methods, extensions.
    private(set) var others: [String] = []
    private(set) var extensions: [DescriptorExtension] = []

    init(_ file: Google_Protobuf_FileDescriptorProto) {
        let scope = file.package
        for message in file.messageType { self.add(message, in: scope) }
        for enumeration in file.enumType { self.add(enumeration, in: scope) }
        for service in file.service { self.add(service, in: scope) }
        for field in file.extension { self.add(extension: field, in: scope) }
    }

    private mutating func add(_ message: Google_Protobuf_DescriptorProto, in scope: String) {
        let name = scope.qualifying(message.name)
        self.messages.append(name)
        self.others += message.field.map { name.qualifying($0.name) }
        self.others += message.oneofDecl.map { name.qualifying($0.name) }
        for nested in message.nestedType { self.add(nested, in: name) }
        for enumeration in message.enumType { self.add(enumeration, in: name) }
        for field in message.extension { self.add(extension: field, in: name) }
    }

    /// Adds an enum; its values are its siblings, as in C++.
    private mutating func add(
        _ enumeration: Google_Protobuf_EnumDescriptorProto,
        in scope: String
    ) {
        self.others.append(scope.qualifying(enumeration.name))
        self.others += enumeration.value.map { scope.qualifying($0.name) }
    }

    private mutating func add(_ service: Google_Protobuf_ServiceDescriptorProto, in scope: String) {
        let name = scope.qualifying(service.name)
        self.others.append(name)
        self.others += service.method.map { name.qualifying($0.name) }
    }

    private mutating func add(
        extension field: Google_Protobuf_FieldDescriptorProto,
        in scope: String
    ) {
        self.others.append(scope.qualifying(field.name))
        let extended = String(field.extendee.drop { $0 == "." })
        self.extensions.append(DescriptorExtension(type: extended, number: field.number))
    }
}

/// A field that a file adds to another message.
struct DescriptorExtension: Hashable {
    let type: String
    let number: Int32
}

extension String {
    /// Qualifies `name` with this scope; the empty scope adds no dot.
    fileprivate func qualifying(_ name: String) -> String {
        self.isEmpty ? name : "\(self).\(name)"
    }
}
