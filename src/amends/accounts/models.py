"""Forces, and the people who work with Amends."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class Force(models.Model):
    """A police force, by the name that policies and histories call it."""

    slug = models.SlugField(primary_key=True, max_length=60)
    name = models.CharField(max_length=120, unique=True)
    invented = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """Somebody who signs in: an officer, a member of staff, a volunteer or a panel member."""

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="users", null=True)

    def __str__(self) -> str:
        return self.get_full_name() or self.username
