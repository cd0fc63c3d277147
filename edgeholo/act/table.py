"""Every kind of action, by the option that names it: a new one is a file beside this one, and a line here."""

from edgeholo.act.action import Action
from edgeholo.act.command import Program
from edgeholo.act.esphome import Esphome
from edgeholo.act.homeassistant import HomeAssistant
from edgeholo.act.homie import Homie
from edgeholo.act.mqtt import Mqtt
from edgeholo.act.shelly import Shelly
from edgeholo.act.tasmota import Tasmota
from edgeholo.act.webhook import Webhook
from edgeholo.act.wled import Wled
from edgeholo.act.zigbee2mqtt import Zigbee2Mqtt

ACTIONS: dict[str, type[Action]] = {
    "mqtt": Mqtt,
    "zigbee2mqtt": Zigbee2Mqtt,
    "tasmota": Tasmota,
    "shelly": Shelly,
    "wled": Wled,
    "esphome": Esphome,
    "homie": Homie,
    "homeassistant": HomeAssistant,
    "webhook": Webhook,
    "command": Program,
}
