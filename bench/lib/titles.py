"""What people read for the values of `harness.sentinel.Kind`."""

TITLES = {"vedette": "Vedette", "stock": "redis-sentinel"}
