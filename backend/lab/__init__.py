"""The lab: how the losses of several heads are combined, tried on problems with a known answer."""
