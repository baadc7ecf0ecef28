"""The one function that wires everything: settings in, a running program out, until it is told to stop."""

from __future__ import annotations

import asyncio
import secrets
import sys
import warnings
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from starlette.applications import Starlette
from telegram import Bot, BotCommand
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.warnings import PTBUserWarning

from bot import lookout, troubles
from bot.authority import Authority
from bot.clock import Clock, ShiftedClock, SystemClock
from bot.commands.table import COMMANDS
from bot.deliver import Sender
from bot.dispatch import Desk
from bot.door import Door
from bot.errands import Errands
from bot.files import Files
from bot.handling import Handling
from bot.jobs import Jobs
from bot.leading import Leading, LeadLostError, leading
from bot.localchat.server import LocalChat
from bot.lookout import Lookout
from bot.metrics import Metrics
from bot.operations import Operations
from bot.outcomes import is_revoked
from bot.receive import Receiver
from bot.request import AiohttpRequest
from bot.serve import served
from bot.settings import Settings
from bot.stopping import first_end
from bot.voice import LANGUAGES, voice
from bot.web import Feeds
from bot.webhook import Webhook, path_of
from feeds import catalog
from feeds.fetch import Fetcher
from feeds.poll import Poller
from storage import claiming, sources
from storage.database import Database
from storage.records import SettingsError, Source, StorageError
from storage.upgrade import opened

# The longest that letters under way may hold up the end of the program, in seconds.
LONGEST_DRAIN = 5.0
# Seconds that a thread may keep the interpreter while others wait; Python's own 5 ms add up to a second for one answer.
TURN = 0.0005
_AFTER_TROUBLE = 1.0
REFUSED = "HOMEFRONT_TELEGRAM_TOKEN isn't accepted by Telegram. Copy it again from @BotFather."
_log = structlog.get_logger(__name__)


class Working(NamedTuple):
    """What runs from the program's start to its end."""

    receiver: Receiver | Webhook
    handling: Handling
    sender: Sender
    errands: Errands
    leading: Leading


@dataclass(frozen=True, slots=True)
class Place:
    """Where the Bot API is: Telegram, or the local chat in this process; and where the topics' feeds are served, if they are."""

    token: str
    api: str
    chat: LocalChat | None = None
    page: str = ""
    feeds: str = ""


async def run(settings: Settings, *, samples: tuple[Source, ...] | None = None, ready: Callable[[Place], None] = lambda _: None) -> None:
    """Poll, answer and send until SIGINT or SIGTERM; where another process does so on the same server, stand by until it has gone.

    ``samples`` take the place of the source list and are polled without pause; ``ready`` is told once all runs.
    """
    led = False
    while True:
        try:
            await _run(settings, samples, ready)
        except StorageError as error:
            led = led or isinstance(error, LeadLostError)
            if not led:
                raise
            troubles.count("lead lost")
            _log.warning("another process may receive and send now; this one stands by", error=str(error), retry_in=_AFTER_TROUBLE)
            await asyncio.sleep(_AFTER_TROUBLE)
        else:
            return


async def _run(settings: Settings, samples: tuple[Source, ...] | None, ready: Callable[[Place], None]) -> None:
    clock: Clock = SystemClock() if settings.telegram_token else ShiftedClock()
    async with AsyncExitStack() as stack:
        # Reading and storing news keeps threads busy; each time a command waits for anything, it gets its turn back this much sooner.
        sys.setswitchinterval(TURN)
        # Fetches look up names in these threads, which mustn't keep commands waiting: there are some for both.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(settings.poll_concurrency + 8))
        # The forms of names are worked out while a new database's tables are made.
        loading = asyncio.get_running_loop().run_in_executor(None, lookout.first_load, settings)
        database = stack.enter_context(opened(settings.database))
        if not database.shared:
            stack.enter_context(database.held())
        watching = Lookout(settings, database, await loading)
        metrics = Metrics(database, clock.now)
        web = Starlette(
            routes=[*Feeds(database, lambda: watching.watched.subjects, clock).routes, *Operations(database, metrics, clock).routes]
        )
        feeds = await stack.enter_async_context(_port(settings, web, clock, metrics))
        # Who stands by answers at its port as well, though not that it is ready.
        lead = await stack.enter_async_context(leading(database))
        _keep_sources(database, settings, samples, clock)
        place = await stack.enter_async_context(_bot_api(settings, clock))
        bot = await stack.enter_async_context(_bot(place))
        fetcher = await stack.enter_async_context(Fetcher(allow_private=settings.allow_private_addresses, now=clock.now))
        files = Files(database, lambda: watching.watched.subjects).write
        sender = Sender(bot, database, clock, sent=metrics.sent, files=files)
        poller = Poller(database, fetcher, lambda: watching.watched.recogniser, clock.now, settings.poll_concurrency)
        # An answer in chat takes four transactions, and each may have to wait for one source to be stored, not for several.
        poller.batch = 1
        if samples is not None:
            poller.spacing = 0.0
        keep = timedelta(days=settings.keep_unmatched_days)
        jobs = Jobs(database, poller, watching, clock, keep, sender.wake, settings.operators, hurried=samples is not None)
        jobs.polled, jobs.stored = metrics.polled, metrics.stored
        desk = Desk(lambda: watching.watched, await _username(bot), _allowed(settings), settings.operators)
        errands = Errands(database, fetcher, clock, sender.wake)
        handling = Handling(database, desk, clock, Authority(bot, clock).rule, lambda: _wake(sender, errands), metrics.handled)
        receiver = _receiver(settings, bot, handling, metrics)
        if isinstance(receiver, Webhook):
            web.router.routes.extend(receiver.routes)
        await stack.enter_async_context(_scheduled(jobs, clock, sender))
        await _offer_commands(bot)
        ready(replace(place, feeds=feeds))
        await _until_stopped(Working(receiver, handling, sender, errands, Leading(lead, jobs.claims, sender.wake)))


def _keep_sources(database: Database, settings: Settings, samples: tuple[Source, ...] | None, clock: Clock) -> None:
    with database.write() as connection:
        if not database.shared:
            # Nobody else polls with this database, so a claim is one of a program that died.
            claiming.release(connection)
        sources.keep_catalog(connection, catalog.load(settings.sources) if samples is None else samples, clock.now())


@asynccontextmanager
async def _bot_api(settings: Settings, clock: Clock) -> AsyncIterator[Place]:
    """Telegram where there is a token; otherwise the local chat, served on loopback while the block runs."""
    if settings.telegram_token is not None or not isinstance(clock, ShiftedClock):
        token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
        yield Place(token, settings.telegram_api)
        return
    token = f"1:local-{secrets.token_urlsafe(24)}"
    chat = LocalChat(clock, token=token)
    async with served(chat.app, settings.chat_port) as address:
        try:
            yield Place(token, address, chat, f"{address}/")
        finally:
            chat.close()


@asynccontextmanager
async def _port(settings: Settings, web: Starlette, clock: Clock, metrics: Metrics) -> AsyncIterator[str]:
    """Serve ``web`` while the block runs, where the operator wants that; the address of the topics' feeds, or nothing."""
    if settings.listens_at is None:
        yield ""
        return
    host, port = settings.listens_at
    called_at = path_of(settings.webhook_url) if settings.webhook_url else ""
    async with served(Door(web, clock, metrics.answered, called_at), port, host) as address:
        yield f"{address}/feeds/"


def _receiver(settings: Settings, bot: Bot, handling: Handling, metrics: Metrics) -> Receiver | Webhook:
    """What takes updates: by asking, or by being called where the operator wants that."""
    if settings.webhook_url is None or settings.listens_at is None:
        return Receiver(bot, handling, metrics.heard)
    return Webhook(bot, handling, settings.webhook_url, metrics.heard)


@asynccontextmanager
async def _bot(place: Place) -> AsyncIterator[Bot]:
    # Calls go out as they stand in the outbox, by their Bot API name; retry_after is read in both its types.
    for message in ("Please use 'Bot", "Deprecated since version v22.2"):
        warnings.filterwarnings("ignore", category=PTBUserWarning, message=message)
    async with AiohttpRequest() as calls, AiohttpRequest(connections=1) as polls:
        # Not the bot's own initialize(): it would ask who the bot is, once and without patience.
        yield Bot(place.token, f"{place.api}/bot", f"{place.api}/file/bot", request=calls, get_updates_request=polls)


async def _username(bot: Bot) -> str:
    """Ask Telegram who the bot is, with patience where the network is down."""
    pause = 1.0
    while True:
        try:
            return (await bot.get_me()).username or ""
        except (InvalidToken, NetworkError, RetryAfter) as error:
            if is_revoked(error):
                raise SettingsError(REFUSED) from error
            _log.warning("no answer from Telegram", error=str(error), retry_in=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 60.0)


async def _offer_commands(bot: Bot) -> None:
    """Keep Telegram's command menu as the table of commands is, in each language."""
    for language in LANGUAGES:
        say = voice(language)
        wanted = [BotCommand(command.name, say(command.summary)) for command in COMMANDS.values() if not command.operators]
        code = None if language == "en" else language
        try:
            if list(await bot.get_my_commands(language_code=code)) != wanted:
                await bot.set_my_commands(wanted, language_code=code)
        except TelegramError as error:
            _log.warning("the command menu could not be set", error=str(error))


def _allowed(settings: Settings) -> frozenset[int] | None:
    return None if settings.access == "open" else settings.access | settings.operators


@asynccontextmanager
async def _scheduled(jobs: Jobs, clock: Clock, sender: Sender) -> AsyncIterator[None]:
    """Run the jobs while the block runs; a clock that is moved by hand wakes them."""
    scheduler = AsyncIOScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None})
    jobs.schedule(scheduler)
    scheduler.start()
    if isinstance(clock, ShiftedClock):
        loop = asyncio.get_running_loop()
        clock.moved = partial(_in_loop, loop, scheduler, sender)
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


def _in_loop(loop: asyncio.AbstractEventLoop, scheduler: AsyncIOScheduler, sender: Sender) -> None:
    loop.call_soon_threadsafe(_hurry, scheduler, sender)


def _hurry(scheduler: AsyncIOScheduler, sender: Sender) -> None:
    for job in scheduler.get_jobs():
        job.modify(next_run_time=datetime.now(UTC))
    sender.wake()


def _wake(sender: Sender, errands: Errands) -> None:
    sender.wake()
    errands.wake()


async def _until_stopped(working: Working) -> None:
    """Receive, handle, do errands and send until a signal comes, then let what is under way end."""
    sending = asyncio.create_task(working.sender.run())
    others = [asyncio.create_task(each.run()) for each in working if each is not working.sender]
    done = await first_end([sending, *others])
    for task in others:
        task.cancel()
    working.sender.stop()
    try:
        async with asyncio.timeout(LONGEST_DRAIN):
            await asyncio.wait([sending, *others])
            await working.handling.drain()
            await working.sender.drain()
    except TimeoutError:
        _log.warning("stopped with letters or updates under way")
    for task in done:
        _end(task)


def _end(task: asyncio.Task[Any]) -> None:
    """Raise what ended a task that should have gone on, as an error for people where it is theirs to mend."""
    try:
        task.result()
    except InvalidToken as error:
        raise SettingsError(REFUSED) from error


def say_ready(place: Place) -> None:
    """Tell the person at the terminal where the bot is."""
    where = f"Open {place.page} to chat with the bot." if place.page else "The bot answers on Telegram."
    feeds = f" Feeds: {place.feeds}" if place.feeds else ""
    sys.stdout.write(f"homefront is running. {where}{feeds} Ctrl-C stops it.\n")
    sys.stdout.flush()
