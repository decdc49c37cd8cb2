# All instances of a region with boto3, the way scripts do it. Once, and then says how many it saw; or, with "warm" after the endpoint, once per
# line of input over the same client, and then says also how many seconds that took.
import sys
import time

import boto3

ec2 = boto3.client("ec2", endpoint_url=sys.argv[1])


def list_instances():
    seen = 0
    for reservation in ec2.describe_instances(MaxResults=1000)["Reservations"]:
        for instance in reservation["Instances"]:
            tags = {tag["Key"]: tag["Value"] for tag in instance["Tags"]}
            if instance["InstanceId"] and tags["Name"] and instance["State"]["Name"] == "running" and instance["InstanceType"] \
                    and instance["PrivateIpAddress"] and instance["PublicIpAddress"] and tags["stratuslab:owner"]:
                seen += 1
    return seen


if len(sys.argv) == 2:
    print(list_instances())
else:
    for _ in sys.stdin:
        begin = time.perf_counter()
        count = list_instances()
        print(time.perf_counter() - begin, count, flush=True)
