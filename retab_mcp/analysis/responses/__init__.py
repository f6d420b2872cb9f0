"""What the response of a called API says: a refusal in its body, or a page for people."""
