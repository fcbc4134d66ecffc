"""Several people at the same moment: real threads that meet where it matters, and locks that can be taken away.

Threads that merely start together prove little: one may be done before the next one looks. So a race says where its
acts meet, between their reading and their writing. Its control is the same meeting without the lock, and there the
harm must be seen; otherwise the race would prove nothing.
"""

import threading

from django.db import connections
from django.db.models import QuerySet

LONG = 60  # seconds: bounds a meeting that takes place, however busy the machine is
MOMENT = 0.5  # how long somebody who holds the lock waits for the others, who cannot come


def at_once(*acts) -> list:
    """Run the acts in threads that start together; their results or exceptions, in order."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            start.wait(timeout=LONG)
            results[place] = act()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=2 * LONG)
    return results


def won(results) -> list:
    return [r for r in results if not isinstance(r, Exception)]


def meet(patch, name, *owners, parties=2, wait=LONG) -> set:
    """Nobody goes past the function `name` of these owners before `parties` threads have come to it.

    What was read before it is then the same for all. Where a lock keeps the others away, the first goes on after
    `wait`. Returns the threads that came in time.
    """
    came, enough, real = set(), threading.Event(), getattr(owners[0], name)

    def meeting(*args, **kwargs):
        if not enough.is_set():
            came.add(threading.get_ident())
            if len(came) >= parties or not enough.wait(wait):
                enough.set()
        return real(*args, **kwargs)

    for owner in owners:
        patch.setattr(owner, name, meeting)
    return came


def meanwhile(patch, name, *owners, first, second, wait=LONG) -> list:
    """`second` runs from beginning to end while `first` stands before the function `name` of these owners.

    Where a lock keeps `second` away, `first` goes on after `wait`. Results or exceptions of both.
    """
    standing, done, real = threading.Event(), threading.Event(), getattr(owners[0], name)
    who = []

    def stand(*args, **kwargs):
        if threading.get_ident() in who and not standing.is_set():
            standing.set()
            done.wait(wait)
        return real(*args, **kwargs)

    def go_first():
        who.append(threading.get_ident())
        return first()

    def go_second():
        standing.wait(LONG)
        try:
            return second()
        finally:
            done.set()

    for owner in owners:
        patch.setattr(owner, name, stand)
    return at_once(go_first, go_second)


def take_locks_away(patch, *models):
    """`select_for_update` on these models locks nothing."""
    real = QuerySet.select_for_update

    def lock(self, *args, **kwargs):
        return self.all() if self.model in models else real(self, *args, **kwargs)

    patch.setattr(QuerySet, "select_for_update", lock)
