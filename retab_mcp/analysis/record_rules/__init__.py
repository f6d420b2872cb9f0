"""Rules about one record: what is wrong or doubtful in what a step produced."""
