import subprocess
import sys

SEEN_FROM_A_FORK = """
import gc, os
from temper_gpu.warm_imports import warm_import
warm_import()
from transformers import conversion_mapping
reader, writer = os.pipe()
if os.fork() == 0:
    tables = conversion_mapping._checkpoint_conversion_mapping_cache
    os.write(writer, f"{gc.get_freeze_count()} {len(gc.get_objects())} {tables is not None}".encode())
    os._exit(0)
os.wait()
print(os.read(reader, 100).decode())
"""


def test_a_fork_collects_nothing_that_its_parent_imported_and_finds_the_tables_of_names_made() -> None:
    command = [sys.executable, "-c", SEEN_FROM_A_FORK]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    frozen, collected, has_tables = ended.stdout.split()
    assert int(frozen) > 100_000
    assert int(collected) < 10_000
    assert has_tables == "True"
