"""The demo county: made-up people and quarrels, grown through the same actions that users use."""
