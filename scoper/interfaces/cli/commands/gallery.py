"""`scoper gallery`: the example reports, checked or made again."""

from __future__ import annotations

import json

import click

from scoper.interfaces import console
from scoper.interfaces.cli.options import Common, common_options

PLACE = ("report", 8)


@click.command(
    "gallery",
    short_help="The example reports are what the program makes.",
    epilog="Example: scoper gallery --check",
)
@click.option("--check/--write", "check", default=True, help="Compare with the stored reports, or replace them.")
@click.option("--measure-all", is_flag=True, help="Also train again what is kept as recorded.")
@common_options
def command(common: Common, check: bool, measure_all: bool) -> int:
    """Make the report of every case in examples/ again and compare it with reports/gallery, byte for byte.

    Exact solutions and tabular learners are probed again; what a deep learner measured is kept as recorded. Exit 1 when
    something differs.
    """
    from scoper.services.gallery import all_files, differences, gallery_folder, kept_differences, write_gallery
    from scoper.services.library import load_library
    from scoper.services.report_data import load_report_data

    folder = gallery_folder()
    library = load_library(common.rules_dir)
    data = load_report_data(common.rules_dir, library.questions)
    kept = kept_differences(library, write=not check)
    files = all_files(library, data, folder, measure_all=measure_all)
    changed = (*kept, *(differences(files, folder) if check else write_gallery(files, folder)))
    if common.json:
        console.data(json.dumps({"format": 1, "files": sorted(files), "different": list(changed)}, ensure_ascii=False))
    else:
        for line in changed:
            console.data(line)
    console.say(f"gallery: {len(files)} files, {len(changed)} {'differ' if check else 'written'}")
    return 1 if check and changed else 0
