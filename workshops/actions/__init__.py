"""What is written about studios and life in the park, one file per concept."""

# What people read instead of a verb of an action; the steps of procedures bring their own labels.
VERBS = {
    "begin_residency": "登记入驻",
}
