"""How does work go on that is too long for a page? A job: a task with progress, a result list and a file for a day."""
