import Composition
package import Scenarios

extension Scenario {
    /// What is wrong with the settings, as a process that is started with them says it; nil: nothing.
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
