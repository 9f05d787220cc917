"""What DATABASE_URL, CACHE_URL and MEDIA_STORAGE mean."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from canada_iraq import settings as site
from canada_iraq.operations import backends


def test_without_an_address_the_database_is_a_file_that_loses_nothing(tmp_path):
    found = backends.database_config("", tmp_path)
    assert found["NAME"] == tmp_path / "database.sqlite3"
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_a_file_named_by_an_address_loses_nothing_either(tmp_path):
    found = backends.database_config("sqlite:////srv/site.sqlite3", tmp_path)
    assert found == {**backends.database_config("", tmp_path), "NAME": "/srv/site.sqlite3"}


def test_postgresql_is_named_by_an_address(tmp_path):
    found = backends.database_config("postgres://me:p%40ss@db.example:5433/site?sslmode=require", tmp_path)
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", 5433, "site")
    assert (found["USER"], found["PASSWORD"]) == ("me", "p@ss")
    assert found["OPTIONS"] == {"connect_timeout": 5, "sslmode": "require"}


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("redis://cache:6379/1", "redis://cache:6379/1"),
        ("valkey://cache:6379/1", "redis://cache:6379/1"),
        ("valkeys://:word@cache:6379/1", "rediss://:word@cache:6379/1"),
        ("rediss://cache/2", "rediss://cache/2"),
    ],
)
def test_redis_and_valkey_are_the_same_with_their_scheme_and_database(url, location):
    found = backends.cache_config(url)
    assert found["BACKEND"] == "django.core.cache.backends.redis.RedisCache"
    assert found["LOCATION"] == location
    assert found["OPTIONS"]["socket_timeout"] == 1


def test_a_cache_that_several_sites_share_keeps_them_apart_by_a_prefix():
    assert backends.cache_config("redis://cache:6379/1")["KEY_PREFIX"] == "canada-iraq"
    found = backends.cache_config("redis://cache:6379/1?key_prefix=other&socket_timeout=3")
    assert found["KEY_PREFIX"] == "other"
    assert found["OPTIONS"]["socket_timeout"] == 3


def test_pictures_can_be_kept_in_an_s3_compatible_store(monkeypatch):
    monkeypatch.setattr(backends, "_require_package", lambda *names: None)
    found = backends.media_storage_config(
        "s3://pictures/of/site?endpoint_url=https://minio.example:9000&region_name=ca-central-1"
    )
    assert found["BACKEND"] == "storages.backends.s3.S3Storage"
    assert found["OPTIONS"] == {
        "bucket_name": "pictures",
        "location": "of/site",
        "default_acl": None,
        "endpoint_url": "https://minio.example:9000",
        "region_name": "ca-central-1",
    }


@pytest.mark.parametrize(
    ("read", "url", "message"),
    [
        (
            lambda url: backends.database_config(url, None),
            "mysql://db/site",
            "DATABASE_URL must start with postgres://",
        ),
        (
            lambda url: backends.database_config(url, None),
            "postgres://me:word@db:port/site",
            "^DATABASE_URL cannot be read: it must look like postgres://user:password@host:5432/name",
        ),
        (backends.cache_config, "ftp://cache", "^CACHE_URL cannot be read: it must look like redis://host"),
        (backends.cache_config, "redis://cache:port/0", "^CACHE_URL cannot be read"),
        (backends.media_storage_config, "s3://[", "^MEDIA_STORAGE cannot be read"),
        (backends.media_storage_config, "https://bucket", "MEDIA_STORAGE must look like s3://"),
        (backends.media_storage_config, "s3://", "MEDIA_STORAGE must look like s3://"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_in_words(read, url, message):
    with pytest.raises(ImproperlyConfigured, match=message):
        read(url)


def test_a_package_that_is_missing_is_named_before_the_site_starts(monkeypatch):
    monkeypatch.setattr(backends.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match="CACHE_URL needs a package.*requirements-extras.txt"):
        backends.cache_config("redis://cache")


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too weak"),
        ({"SECRET_KEY": "a" * 80}, "SECRET_KEY is too weak"),
    ],
)
def test_a_weak_secret_is_refused_by_its_name(monkeypatch, variables, message):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=message):
        site.secret_key()


def test_a_shared_database_needs_a_secret_that_is_given(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://db/site")
    monkeypatch.setattr(site, "SECRET_FILE", tmp_path / "secret_key")  # where SECRET_KEY is not set
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        site.secret_key()
