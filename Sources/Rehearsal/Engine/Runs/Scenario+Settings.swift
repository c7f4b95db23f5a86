import Composition
package import Scenarios

extension Scenario {
    /// The diagnostic of a process that is started with the settings; nil for none.
    package var faultInSettings: String? {
        let secrets = Secrets(settings: self.settings)
        for service in ServiceName.allCases {
            do throws(ConfigurationProblem) {
                _ = try secrets.configuration(service)
            } catch {
                return "settings: \(error)"
            }
        }
        return nil
    }
}
