"""What must work in a sandbox, and what must be refused there; see libraries.rs."""

import os
import socket
import sys
import tempfile


def expect_error(kind, function, *arguments):
    try:
        function(*arguments)
    except kind:
        return
    raise AssertionError(f"{function} was not refused")


def check_numpy():
    import numpy

    numbers = numpy.random.rand(300, 300)
    numpy.linalg.svd(numbers)
    numpy.save("numbers.npy", numbers)
    assert numpy.load("numbers.npy", mmap_mode="r").shape == (300, 300)


def check_pandas_and_its_formats():
    import pandas

    table = pandas.DataFrame({"number": range(1000), "text": ["x", "y"] * 500})
    table.to_csv("table.csv")
    table.to_excel("table.xlsx")
    table.to_parquet("table.parquet")
    assert len(pandas.read_csv("table.csv")) == 1000
    assert len(pandas.read_excel("table.xlsx")) == 1000
    assert len(pandas.read_parquet("table.parquet")) == 1000


def check_matplotlib_and_seaborn():
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot
    import seaborn

    seaborn.scatterplot(x=[1, 2], y=[3, 4]).figure.savefig("plot.png")
    matplotlib.pyplot.savefig("plot.pdf")


def check_scipy_and_sklearn():
    import joblib
    import numpy
    import scipy.fft
    import scipy.optimize
    from sklearn.ensemble import RandomForestClassifier

    scipy.fft.fft(numpy.random.rand(10_000), workers=2)
    assert scipy.optimize.minimize(lambda x: (x**2).sum(), [1, 2]).success
    with joblib.parallel_config("threading", n_jobs=2):
        RandomForestClassifier(10, n_jobs=2).fit(numpy.random.rand(50, 3), [0, 1] * 25)


def check_pyarrow():
    import pyarrow
    import pyarrow.csv
    import pyarrow.dataset

    table = pyarrow.table({"number": list(range(100_000))})
    pyarrow.csv.write_csv(table, "arrow.csv")
    assert pyarrow.dataset.dataset("arrow.csv", format="csv").to_table().num_rows == 100_000


def check_sqlite():
    import sqlite3

    connection = sqlite3.connect("database.db")
    connection.execute("pragma journal_mode = wal")
    connection.execute("create table numbers (number)")
    connection.commit()
    assert sqlite3.connect("database.db").execute("select * from numbers").fetchall() == []


def check_asyncio():
    import asyncio
    import signal
    import time

    async def main():
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, print)
        await asyncio.to_thread(time.sleep, 0.01)
        near, far = socket.socketpair()
        _, writer = await asyncio.open_connection(sock=near)
        reader, _ = await asyncio.open_connection(sock=far)
        writer.write(b"line\n")
        assert await reader.readline() == b"line\n"

    asyncio.run(main())


def check_threads_and_locks():
    import concurrent.futures
    import multiprocessing

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(abs, range(100))) == 4950
    with multiprocessing.Lock():
        pass


def check_documents_and_pictures():
    import docx
    import openpyxl
    import pypdf
    from PIL import Image

    openpyxl.Workbook().save("book.xlsx")
    docx.Document().save("text.docx")
    Image.new("RGB", (10, 10)).save("picture.jpg")
    assert len(pypdf.PdfReader("plot.pdf").pages) == 1


def check_ctypes():
    import ctypes

    compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(lambda _left, _right: 0)
    ctypes.CDLL(None).qsort((ctypes.c_int * 3)(), 3, 4, compare)
    ctypes.CDLL("libm.so.6").cos


def check_files():
    import fcntl
    import mmap
    import shutil

    os.makedirs("folder/inner")
    with open("folder/inner/file", "w+b") as file:
        file.write(b"x" * 4096)
        file.flush()
        os.fsync(file.fileno())
        fcntl.flock(file, fcntl.LOCK_EX)
        mmap.mmap(file.fileno(), 0)[0] = 1
    shutil.copytree("folder", "copy")
    shutil.move("copy", "moved")
    shutil.make_archive("archive", "zip", "folder")
    shutil.rmtree("moved")
    os.symlink("folder", "link")
    os.mkfifo("pipe")
    with tempfile.NamedTemporaryFile() as file, open(os.devnull, "w") as nothing:
        print(len(os.listdir("/proc/self/fd")), file.name, file=nothing)
    mmap.mmap(-1, 1 << 20)[0] = 1


def check_what_is_refused():
    import resource
    import subprocess

    expect_error(PermissionError, subprocess.run, ["true"])
    expect_error((PermissionError, RuntimeError), os.fork)
    expect_error(PermissionError, os.posix_spawn, "/bin/true", ["true"], {})
    expect_error(PermissionError, socket.socket)
    expect_error(socket.gaierror, socket.gethostbyname, "example.com")
    expect_error(OSError, open, "/usr/new", "w")
    expect_error(ValueError, resource.setrlimit, resource.RLIMIT_NOFILE, (10_000, 10_000))
    expect_error(MemoryError, bytearray, 8 << 30)


for name, check in list(globals().items()):
    if name.startswith("check_"):
        try:
            check()
        except BaseException as error:
            raise AssertionError(f"{name}: {error!r}") from error
        sys.stdout.flush()
