"""The one table of methods, by lower-case name as Telegram compares them."""

from collections.abc import Callable
from typing import Any

from bot.localchat.calls import Call
from bot.localchat.methods import answering, asking, editing, presenting, sending
from bot.localchat.world import World

METHODS: dict[str, Callable[[World, Call], Any]] = {
    "getme": asking.get_me,
    "logout": asking.yes,
    "close": asking.yes,
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "senddocument": sending.send_document,
    "sendchataction": sending.send_chat_action,
    "editmessagetext": editing.edit_message_text,
    "editmessagecaption": editing.edit_message_caption,
    "editmessagereplymarkup": editing.edit_message_reply_markup,
    "deletemessage": editing.delete_message,
    "answercallbackquery": answering.answer_callback_query,
    "answerinlinequery": answering.answer_inline_query,
    "getchat": asking.get_chat,
    "getchatmember": asking.get_chat_member,
    "getchatmembercount": asking.get_chat_member_count,
    "getchatadministrators": asking.get_chat_administrators,
    "leavechat": asking.leave_chat,
    "getfile": asking.get_file,
    "getuserprofilephotos": asking.get_user_profile_photos,
    "setmycommands": presenting.set_my_commands,
    "getmycommands": presenting.get_my_commands,
    "deletemycommands": presenting.delete_my_commands,
    "setmyname": presenting.setter("name"),
    "getmyname": presenting.getter("name"),
    "setmydescription": presenting.setter("description"),
    "getmydescription": presenting.getter("description"),
    "setmyshortdescription": presenting.setter("short_description"),
    "getmyshortdescription": presenting.getter("short_description"),
}
