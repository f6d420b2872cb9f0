"""Clean and redact what comes from Retab, so that nothing unsafe is shown."""
