#!/usr/bin/env python3
"""Reads a tenant's events from NATS JetStream and prints each as a line of JSON. An example to begin with.

    pip install nats-py cloudevents protobuf          (and nkeys, for --seed)
    python3 consumer.py --server nats://nats.example:4222 --stream radslag_malmo_petitions_0 \\
        --seed statistics.seed --place statistics.place --schemas https://radslag.example/schemas/descriptors.bin

What to know about the stream:
* The message at stream sequence s is the log's event at position s - 1. There are no gaps: a missing sequence is an error.
* Nothing is kept on the server for you. Keep the next position together with what you made of the events (here: a file),
  start anywhere (`--from 0` reads everything again), and expect an event twice after a crash: its `ce-id` stays the same.
* After a loss that the operator accepted, the log goes on in the stream radslag_<tenant>_<service>_<origin + 1>.
* What stands behind `dataref` is public now. When an event takes it down or erases it, let go of your copies too.
"""

import argparse
import asyncio
import json
import os
import urllib.request

import nats
from cloudevents.core.bindings.http import HTTPMessage, from_binary_event
from nats.errors import TimeoutError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

BATCH = 100


def payloads(place):
    """Decodes payloads by the descriptors that Radslag serves; without them, shows them in hexadecimal digits."""
    if not place:
        return lambda kind, body: body.hex()
    from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

    if place.startswith("http"):
        with urllib.request.urlopen(place) as answer:
            bytes_ = answer.read()
    else:
        with open(place, "rb") as file:
            bytes_ = file.read()
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(bytes_).file:
        pool.Add(file)

    def decode(kind, body):
        # radslag.petitions.petition.threshold_reached -> radslag.petitions.v1.PetitionThresholdReached
        _, service, aggregate, event = kind.split(".")
        name = "".join(word.capitalize() for word in f"{aggregate}_{event}".split("_"))
        package = "radslag.log.v1" if aggregate == "log" else f"radslag.{service}.v1"
        name = name.removeprefix("Log") if aggregate == "log" else name
        try:
            message = message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{package}.{name}"))
        except KeyError:
            # A few types share a message; `x-protobuf-message` of the AsyncAPI document names it.
            return body.hex()
        return json_format.MessageToDict(message.FromString(body))

    return decode


def read_place(path):
    try:
        with open(path) as file:
            return int(file.read())
    except FileNotFoundError:
        return 0


def write_place(path, position):
    with open(f"{path}.draft", "w") as file:
        file.write(str(position))
        file.flush()
        os.fsync(file.fileno())
    os.replace(f"{path}.draft", path)


async def consume(options):
    secret = {}
    if options.seed:
        secret["nkeys_seed"] = options.seed
    if options.user:
        secret.update(user=options.user, password=os.environ["NATS_PASSWORD"])
    decode = payloads(options.schemas)
    position = read_place(options.place) if options.start is None else options.start
    left = options.count
    connection = await nats.connect(options.server, **secret)
    config = ConsumerConfig(
        deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
        opt_start_seq=position + 1,
        ack_policy=AckPolicy.NONE,
        inactive_threshold=60.0,
        mem_storage=True,
    )
    tokens = options.stream.split("_")
    subject = f"radslag.{tokens[1]}.{tokens[2]}.{tokens[3]}.*.*"
    subscription = await connection.jetstream().pull_subscribe(subject, stream=options.stream, config=config)
    while left is None or left > 0:
        try:
            messages = await subscription.fetch(min(BATCH, left or BATCH), timeout=5)
        except TimeoutError:
            continue
        for message in messages:
            found = message.metadata.sequence.stream - 1
            if found != position:
                raise SystemExit(f"expected position {position}, found {found}")
            event = from_binary_event(HTTPMessage(headers=message.headers, body=message.data))
            take(found, event, decode)
            position += 1
        if left is not None:
            left -= len(messages)
        if options.place:
            write_place(options.place, position)
    await connection.close()


def take(position, event, decode):
    """Here something would be made of it."""
    line = {
        "position": position,
        "id": event.get_id(),
        "type": event.get_type(),
        "source": event.get_source(),
        "subject": event.get_subject(),
        "time": event.get_time().isoformat(),
        "dataschema": event.get_dataschema(),
        "dataref": event.get_extension("dataref"),
        "data": decode(event.get_type(), event.get_data() or b""),
    }
    print(json.dumps(line), flush=True)


def main():
    parser = argparse.ArgumentParser(description="Prints a tenant's events.")
    parser.add_argument("--server", required=True, help="nats://host:4222")
    parser.add_argument("--stream", required=True, help="radslag_<tenant>_<service>_<origin>")
    parser.add_argument("--seed", help="file with the seed of `radslag bus key`")
    parser.add_argument("--user", help="a user, where the server has passwords; NATS_PASSWORD has it")
    parser.add_argument("--place", help="file that keeps the next position")
    parser.add_argument("--from", dest="start", type=int, help="position to start at, whatever was kept")
    parser.add_argument("--count", type=int, help="end after so many events")
    parser.add_argument("--schemas", help="URL or file of descriptors.bin")
    options = parser.parse_args()
    if options.start is None and not options.place:
        parser.error("--place or --from")
    asyncio.run(consume(options))


if __name__ == "__main__":
    main()
