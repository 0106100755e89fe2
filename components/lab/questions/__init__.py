"""The questions of the Lab on their page: settings, prediction, verdict, pictures."""
