"""Run by Home Assistant's Python: its own library for Shelly talks to the fake device's components, over a WebSocket.

Standard input is a JSON list of calls, method and parameters; standard output the status as the library has it in the end.
"""

import asyncio
import json
import sys
from typing import Any

from aiohttp import ClientSession, web
from aioshelly.common import ConnectionOptions
from aioshelly.rpc_device import RpcDevice, WsServer

from tests.fake_devices.shelly import Components, RpcError

_INFO = {
    "name": None,
    "id": "shellyplus1-a8032abe54dc",
    "mac": "A8032ABE54DC",
    "model": "SNSW-001X16EU",
    "gen": 2,
    "fw_id": "20240625-122608/1.3.3-gbdfd9b3",
    "ver": "1.3.3",
    "app": "Plus1",
    "auth_en": False,
    "auth_domain": None,
}


def answer(components: Components, frame: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to a request."""
    whole = {
        "Shelly.GetDeviceInfo": _INFO,
        "Shelly.GetConfig": {key: {"id": 0} for key in components.status} | {"sys": {"device": {"mac": _INFO["mac"]}}},
        "Shelly.GetStatus": components.status,
        "Shelly.GetComponents": {"components": [], "cfg_rev": 1, "offset": 0, "total": 0},
    }
    head = {"id": frame["id"], "src": _INFO["id"], "dst": frame["src"]}
    if frame["method"] in whole:
        return head | {"result": whole[frame["method"]]}
    try:
        return head | {"result": components.call(frame["method"], frame.get("params", {}))[0]}
    except RpcError as error:
        return head | {"error": {"code": error.code, "message": str(error)}}


async def serve(components: Components) -> tuple[web.AppRunner, int]:
    """Serve the device on a free port."""

    async def talk(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            await socket.send_json(answer(components, json.loads(message.data)))
        return socket

    app = web.Application()
    app.router.add_get("/rpc", talk)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, runner.addresses[0][1]


async def main() -> None:
    """Make the calls, print the status."""
    components = Components()
    runner, port = await serve(components)
    async with ClientSession() as session:
        device = await RpcDevice.create(session, WsServer(), ConnectionOptions("127.0.0.1", port=port))
        await device.initialize()
        for method, parameters in json.load(sys.stdin):
            await device.call_rpc(method, parameters)
        await device.update_status()
        json.dump(device.status, sys.stdout)
        await device.shutdown()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
