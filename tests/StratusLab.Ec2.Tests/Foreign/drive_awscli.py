"""Goes through every operation of the emulator with the AWS command line, in one process. Usage: drive_awscli.py ENDPOINT KEYFILE"""
import contextlib
import io
import json
import sys

from awscli.clidriver import create_clidriver

endpoint, key_file = sys.argv[1:]
driver = create_clidriver()


def aws(*arguments, code=0, service="ec2"):
    out, err = io.StringIO(), io.StringIO()
    out.buffer = err.buffer = None
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        result = driver.main([service, *arguments, "--endpoint-url", endpoint, "--region", "eu-west-1", "--output", "json", "--no-cli-pager"])
    assert result == code, f"aws {service} {' '.join(arguments)} ended with {result}: {err.getvalue()}"
    text = out.getvalue()
    return json.loads(text) if text.strip() else err.getvalue()


aws("describe-regions")
aws("describe-availability-zones")
vpc = aws("describe-vpcs")["Vpcs"][0]["VpcId"]
subnet = aws("describe-subnets", "--filters", f"Name=vpc-id,Values={vpc}")["Subnets"][0]["SubnetId"]
assert len(aws("describe-instance-types", "--page-size", "10", "--filters", "Name=processor-info.supported-architecture,Values=arm64")["InstanceTypes"]) == 13
aws("describe-instance-type-offerings", "--location-type", "availability-zone")
assert aws("describe-spot-price-history", "--instance-types", "m5.large", "--product-descriptions", "Linux/UNIX")["SpotPriceHistory"]
aws("describe-account-attributes")
aws("import-key-pair", "--key-name", "cli", "--public-key-material", f"fileb://{key_file}")
assert aws("describe-key-pairs", "--key-names", "cli")["KeyPairs"][0]["KeyType"] == "ed25519"
group = aws("create-security-group", "--group-name", "cli", "--description", "test", "--vpc-id", vpc)["GroupId"]
aws("authorize-security-group-ingress", "--group-id", group, "--protocol", "tcp", "--port", "22", "--cidr", "0.0.0.0/0")
assert aws("describe-security-groups", "--group-ids", group)["SecurityGroups"][0]["IpPermissions"][0]["ToPort"] == 22
assert aws("describe-security-group-rules", "--filters", f"Name=group-id,Values={group}")["SecurityGroupRules"]
aws("revoke-security-group-ingress", "--group-id", group, "--protocol", "tcp", "--port", "22", "--cidr", "0.0.0.0/0")
aws("create-placement-group", "--group-name", "cli", "--strategy", "cluster")
aws("describe-placement-groups", "--group-names", "cli")

aws("create-bucket", "--bucket", "bucket", "--create-bucket-configuration", "LocationConstraint=eu-west-1", service="s3api")
aws("put-object", "--bucket", "bucket", "--key", "k", "--body", key_file, service="s3api")
task = aws("import-snapshot", "--disk-container", "Format=RAW,UserBucket={S3Bucket=bucket,S3Key=k}")["ImportTaskId"]
snapshot = aws("describe-import-snapshot-tasks", "--import-task-ids", task)["ImportSnapshotTasks"][0]["SnapshotTaskDetail"]["SnapshotId"]
aws("cancel-import-task", "--import-task-id", task)
image = aws("register-image", "--name", "cli", "--architecture", "x86_64", "--root-device-name", "/dev/xvda",
            "--block-device-mappings", f"DeviceName=/dev/xvda,Ebs={{SnapshotId={snapshot}}}")["ImageId"]
aws("modify-image-attribute", "--image-id", image, "--description", "Value=described")
assert aws("describe-images", "--owners", "self")["Images"][0]["Description"] == "described"
copy = aws("copy-image", "--name", "cli copy", "--source-image-id", image, "--source-region", "eu-west-1")["ImageId"]

launch = ("run-instances", "--image-id", image, "--instance-type", "t3.micro", "--count", "1:7", "--client-token", "cli", "--key-name", "cli", "--security-group-ids", group,
          "--subnet-id", subnet, "--user-data", "#!/bin/sh", "--metadata-options", "HttpTokens=required", "--hibernation-options", "Configured=true",
          "--tag-specifications", "ResourceType=instance,Tags=[{Key=stratuslab:site,Value=cli}]")
assert "DryRunOperation" in aws(*launch, "--dry-run", code=254)
ids = [i["InstanceId"] for i in aws(*launch)["Instances"]]
assert len(ids) == 7 and [i["InstanceId"] for i in aws(*launch)["Instances"]] == ids
aws("wait", "instance-running", "--instance-ids", *ids)
listed = aws("describe-instances", "--filters", "Name=tag:stratuslab:site,Values=cli", "--page-size", "5")["Reservations"]
assert sorted(i["InstanceId"] for r in listed for i in r["Instances"]) == sorted(ids)
assert "InvalidInstanceID.NotFound" in aws("describe-instances", "--instance-ids", "i-0123456789abcdef0", code=254)
aws("describe-instance-status", "--instance-ids", *ids)
aws("create-tags", "--resources", ids[0], "--tags", "Key=Name,Value=one")
aws("delete-tags", "--resources", ids[0], "--tags", "Key=stratuslab:site")
assert len(aws("describe-tags", "--filters", f"Name=resource-id,Values={ids[0]}")["Tags"]) == 1
assert "login:" in aws("get-console-output", "--instance-id", ids[0])["Output"]
aws("reboot-instances", "--instance-ids", ids[0])
aws("stop-instances", "--instance-ids", ids[0], "--hibernate")
aws("modify-instance-attribute", "--instance-id", ids[0], "--instance-type", "Value=t3.small")
driver = create_clidriver()  # The one before remembers the arguments of that command and stumbles over them.
aws("start-instances", "--instance-ids", ids[0])

volume = aws("create-volume", "--availability-zone", "eu-west-1a", "--size", "5", "--volume-type", "gp3")["VolumeId"]
aws("attach-volume", "--volume-id", volume, "--instance-id", ids[0], "--device", "/dev/sdf")
aws("describe-volumes", "--volume-ids", volume)
backup = aws("create-snapshot", "--volume-id", volume)["SnapshotId"]
aws("describe-snapshots", "--snapshot-ids", backup)
aws("detach-volume", "--volume-id", volume)
aws("delete-volume", "--volume-id", volume)
aws("delete-snapshot", "--snapshot-id", backup)

template = aws("create-launch-template", "--launch-template-name", "cli", "--launch-template-data", json.dumps({"ImageId": image}))["LaunchTemplate"]["LaunchTemplateId"]
aws("describe-launch-templates", "--launch-template-ids", template)
fleet = aws("create-fleet", "--type", "instant", "--target-capacity-specification", "TotalTargetCapacity=2,DefaultTargetCapacityType=on-demand", "--launch-template-configs",
            json.dumps([{"LaunchTemplateSpecification": {"LaunchTemplateId": template, "Version": "1"}, "Overrides": [{"InstanceType": "c5.large"}]}]))
aws("terminate-instances", "--instance-ids", *ids, *fleet["Instances"][0]["InstanceIds"])
aws("delete-launch-template", "--launch-template-id", template)
aws("deregister-image", "--image-id", copy)
aws("deregister-image", "--image-id", image)
aws("delete-placement-group", "--group-name", "cli")
aws("delete-security-group", "--group-id", group)
aws("delete-key-pair", "--key-name", "cli")
print("done")
