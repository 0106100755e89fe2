"""The settings in the sidebar; each widget is a view of the experiment."""
