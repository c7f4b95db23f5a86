@testable import Scenarios

/// The part of the JSON Schema that follows from the table of faults.
enum FaultSchema {
    /// The lines of `$defs.fault.allOf` after the mark, each an item of the list.
    static var rules: [String] {
        let rules = keys + windows + targets
        return rules.enumerated().map { "        " + $1 + ($0 == rules.count - 1 ? "" : ",") }
    }

    /// The lines of `$defs.kind`.
    static var kind: [String] {
        let names = Vocabulary.kinds.map { #""\#($0)""# }
        return [#"      "enum": ["#]
            + names.indices.map { "        " + names[$0] + ($0 == names.count - 1 ? "" : ",") }
            + ["      ]"]
    }

    /// Each argument belongs to some kinds only, and is required by some.
    private static var keys: [String] {
        let strangers = FaultEntry.arguments.map { key in
            self.unless({ $0.allows(key) }, then: #"{"properties": {"\#(key)": false}}"#)
        }
        let required = (FaultEntry.arguments + ["p"]).compactMap { key in
            self.when({ $0.needs.contains(key) }, then: #"{"required": ["\#(key)"]}"#)
        }
        let narrow = FaultEntry.arguments.compactMap { key in
            self.when(
                { $0.narrows[key] != nil },
                then: ##"{"properties": {"\##(key)": {"$ref": "#/$defs/window"}}}"##
            )
        }
        return strangers + required + narrow
    }

    private static var windows: [String] {
        [
            self.when({ $0.lasts == .must }, then: #"{"required": ["for"]}"#),
            self.when(
                { $0.lasts == .mustOrTimes },
                then: #"{"anyOf": [{"required": ["for"]}, {"required": ["times"]}]}"#
            ),
            self.when({ $0.lasts == .never }, then: #"{"properties": {"for": false}}"#),
            self.unless(
                { $0.lasts == .mustOrTimes },
                requiring: ["do", "times"],
                then: #"{"required": ["every"]}"#
            ),
        ].compactMap(\.self)
    }

    private static var targets: [String] {
        [
            self.when(
                { $0.strikes == .links },
                then: #"{"oneOf": [{"required": ["between"]}, {"required": ["target"]}]}"#
            ),
            self.unless(
                { $0.strikes == .links },
                then: #"{"properties": {"between": false, "direction": false}}"#
            ),
            self.unless(
                { [.links, .system].contains($0.strikes) },
                then: #"{"required": ["target"]}"#
            ),
            self.when({ $0.strikes == .stores }, then: self.stores),
            self.when({ $0.strikes == .judges }, then: self.judges),
            self.when(
                { $0.strikes == .system },
                then: #"{"properties": {"target": {"const": "all"}}}"#
            ),
        ].compactMap(\.self)
    }

    /// A gateway has no disk; whether others have one, only the reader tells.
    private static let stores =
        #"{"properties": {"target": {"anyOf": [{"type": "string", "not": {"pattern": "#
        + #""^gateway(-[0-9]+)?$"}}, {"type": "object", "properties": {"any": {"enum": "#
        + #"["payment", "ledger", "refund"]}, "each": {"enum": ["payment", "ledger", "refund"]}}}]}}}"#

    private static let judges =
        #"{"properties": {"target": {"anyOf": [{"type": "string", "pattern": "#
        + #""^(all|gateway(-[0-9]+)?)$"}, {"type": "object", "properties": {"any": {"enum": "#
        + #"["gateway"]}, "each": {"enum": ["gateway"]}}}]}}}"#

    /// A rule for the kinds that `isMeant` accepts; nil if there are none.
    private static func when(_ isMeant: (FaultEntry) -> Bool, then: String) -> String? {
        let names = FaultEntry.all.filter(isMeant).map(\.name)
        return names.isEmpty ? nil : self.rule(#"{"enum": \#(names)}"#, ["do"], then)
    }

    /// A rule for every kind but those that `isExempt` accepts.
    private static func unless(
        _ isExempt: (FaultEntry) -> Bool,
        requiring keys: [String] = ["do"],
        then: String
    ) -> String {
        let names = FaultEntry.all.filter(isExempt).map(\.name)
        return self.rule(#"{"not": {"enum": \#(names)}}"#, keys, then)
    }

    private static func rule(_ kinds: String, _ keys: [String], _ then: String) -> String {
        #"{"if": {"required": \#(keys), "properties": {"do": \#(kinds)}}, "then": \#(then)}"#
    }
}
