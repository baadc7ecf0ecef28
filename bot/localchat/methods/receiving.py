"""How the bot gets its updates: getUpdates, setWebhook, deleteWebhook, getWebhookInfo."""

from typing import Any

from bot.localchat.calls import Call
from bot.localchat.errors import conflict
from bot.localchat.updates import known_kinds
from bot.localchat.webhook import Webhook
from bot.localchat.world import World

_WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
_BATCH = 100


class Receiving:
    """The four methods, which share the webhook."""

    def __init__(self, world: World) -> None:
        self._updates = world.updates
        self.webhook = Webhook(world.updates, world.clock)

    async def get_updates(self, call: Call) -> list[dict[str, Any]]:
        """Answer https://core.telegram.org/bots/api#getupdates."""
        if self.webhook.url:
            raise conflict(_WEBHOOK_ACTIVE)
        self._remember_allowed(call)
        return await self._updates.take(call.number("offset"), call.number("limit", _BATCH), call.number("timeout"))

    async def set_webhook(self, call: Call) -> bool:
        """Answer https://core.telegram.org/bots/api#setwebhook."""
        self.webhook.set(call.text("url"), call.text("secret_token"), call.number("max_connections"))
        self._remember_allowed(call)
        self._updates.stop_waiting(conflict("terminated by setWebhook request"))
        if call.flag("drop_pending_updates"):
            self._updates.clear()
        return True

    async def delete_webhook(self, call: Call) -> bool:
        """Answer https://core.telegram.org/bots/api#deletewebhook."""
        self.webhook.stop()
        if call.flag("drop_pending_updates"):
            self._updates.clear()
        return True

    async def get_webhook_info(self, _call: Call) -> dict[str, Any]:
        """Answer https://core.telegram.org/bots/api#getwebhookinfo."""
        return self.webhook.info()

    def _remember_allowed(self, call: Call) -> None:
        """Keep the choice of updates until another is given; an empty list goes back to the default."""
        if call.has("allowed_updates"):
            self._updates.allowed = known_kinds(call.listed("allowed_updates"))
