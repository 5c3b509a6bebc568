"""What is wrong with how the service was asked to start is said before anything is done."""

import socket

import pytest

from amends.cli import running


def test_a_port_that_something_else_has_is_said_so_and_another_one_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(running.CannotServe, match=rf"port {port}: .*--port {port + 1}"):
            running._check_port("127.0.0.1", port)
    running._check_port("127.0.0.1", port)


@pytest.mark.parametrize("port", [0, -1, 65_536])
def test_a_number_that_is_no_port_is_refused(port):
    with pytest.raises(running.CannotServe, match="from 1 to 65535"):
        running._check_port("127.0.0.1", port)
