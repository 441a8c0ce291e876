"""An envelope as the studio's page sends it."""

ENVELOPE = {
    "au": "AU12L",
    "onset_seconds": 0.02,
    "apex_start_seconds": 0.08,
    "apex_end_seconds": 0.1,
    "offset_seconds": 0.18,
    "peak_intensity": 4.0,
    "shape": "minimum_jerk",
}
