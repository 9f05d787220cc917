"""Ports that servers of tests listen on: none is given to two of them."""

import socket

from tests import ports


def test_ports_that_are_held_together_differ():
    with ports.held(200) as numbers:
        assert len(set(numbers)) == 200


def test_a_port_that_is_held_is_given_to_nobody_who_asks_for_any():
    with ports.held() as (port,):
        for _ in range(2000):
            with socket.socket() as other:
                other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                other.bind(("127.0.0.1", 0))
                assert other.getsockname()[1] != port


def test_a_server_can_listen_on_a_port_that_is_held_for_it():
    with (
        ports.held() as (port,),
        socket.create_server(("127.0.0.1", port)) as server,
        socket.create_connection(("127.0.0.1", port), timeout=5) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_nothing_answers_on_a_port_that_is_only_held():
    with ports.held() as (port,), socket.socket() as client:
        assert client.connect_ex(("127.0.0.1", port))
