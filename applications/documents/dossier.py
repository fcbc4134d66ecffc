"""What does the index of a case's file (案卷目录) say? After DA/T 22: one line per paper, in order of the road."""


def dossier_index(data: dict, *, print_label: str = ""):
    """案卷目录. Keys: application_number, studio_name, unit_name, occupation, stage, year, retention, numbered_pages
    (True where `page` is the first page in the volume, else `pages` counts those of the piece),
    lines [{order, number, responsible, title, on, pages, page, note}], missing (how many lines have no file)."""
    return "documents/dossier_index.html", {"print_label": print_label, **data}
