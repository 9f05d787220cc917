"""SELECT … FOR UPDATE in key order, so that transactions never wait for one another in a circle."""

from django.db import models


class LockingQuerySet(models.QuerySet):
    def for_update_in_order(self):
        """Until the transaction ends nobody else locks these rows, or changes them.

        All of a transaction's locks are taken in one order, or two people could wait for one another for ever:
        partner organizations before pages, and of each kind the oldest first. What only points at a row, like a
        child, an edition or a report at a page, need not wait.
        """
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)
