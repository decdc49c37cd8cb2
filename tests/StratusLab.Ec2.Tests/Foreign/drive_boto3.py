"""Goes through every operation of the emulator with boto3. Usage: drive_boto3.py ENDPOINT"""
import base64
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ec2 = boto3.client("ec2", endpoint_url=sys.argv[1], region_name="eu-west-1")
tags = [{"Key": "stratuslab:site", "Value": "boto"}]


def spec(kind):
    return [{"ResourceType": kind, "Tags": tags}]


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        assert error.response["ResponseMetadata"]["RequestId"]
        return
    raise AssertionError(f"{code} was expected")


assert any(r["RegionName"] == "eu-west-1" for r in ec2.describe_regions()["Regions"])
assert len(ec2.describe_availability_zones()["AvailabilityZones"]) == 3
vpc = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]
subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}])["Subnets"]
assert len(subnets) == 3
types = [t for page in ec2.get_paginator("describe_instance_types").paginate(PaginationConfig={"PageSize": 10}) for t in page["InstanceTypes"]]
assert {"m5.large", "g4dn.xlarge"} <= {t["InstanceType"] for t in types} and len(types) == len({t["InstanceType"] for t in types})
offers = ec2.describe_instance_type_offerings(LocationType="availability-zone", Filters=[{"Name": "instance-type", "Values": ["g4dn.*"]}])
assert len(offers["InstanceTypeOfferings"]) == 2
assert ec2.describe_spot_price_history(InstanceTypes=["m5.large"], ProductDescriptions=["Linux/UNIX"])["SpotPriceHistory"][0]["SpotPrice"]
assert ec2.describe_account_attributes(AttributeNames=["default-vpc"])["AccountAttributes"]

ec2.import_key_pair(KeyName="boto", PublicKeyMaterial=b"ssh-ed25519 AAAA boto@host", TagSpecifications=spec("key-pair"))
refused("InvalidKeyPair.Duplicate", ec2.import_key_pair, KeyName="boto", PublicKeyMaterial=b"ssh-ed25519 AAAA")
assert ec2.describe_key_pairs(KeyNames=["boto"], IncludePublicKey=True)["KeyPairs"][0]["PublicKey"].startswith("ssh-ed25519")

group = ec2.create_security_group(GroupName="boto", Description="test", VpcId=vpc["VpcId"], TagSpecifications=spec("security-group"))["GroupId"]
port = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "all"}]}
assert ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[port])["Return"]
refused("InvalidPermission.Duplicate", ec2.authorize_security_group_ingress, GroupId=group, IpPermissions=[port])
assert ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"][0]["FromPort"] == 22
assert len(ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]) == 1
ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[port])
assert ec2.create_placement_group(GroupName="boto", Strategy="spread")["PlacementGroup"]["Strategy"] == "spread"
assert ec2.describe_placement_groups(GroupNames=["boto"])["PlacementGroups"]

s3 = boto3.client("s3", endpoint_url=sys.argv[1], region_name="eu-west-1", config=Config(s3={"addressing_style": "path"}))
s3.create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
s3.put_object(Bucket="bucket", Key="k", Body=b"disk" * 1024)
task = ec2.import_snapshot(Description="disk", DiskContainer={"Format": "RAW", "UserBucket": {"S3Bucket": "bucket", "S3Key": "k"}}, ClientToken="t")["ImportTaskId"]
snapshot = ec2.describe_import_snapshot_tasks(ImportTaskIds=[task])["ImportSnapshotTasks"][0]["SnapshotTaskDetail"]["SnapshotId"]
ec2.cancel_import_task(ImportTaskId=task)
image = ec2.register_image(
    Name="boto", Architecture="x86_64", RootDeviceName="/dev/xvda", VirtualizationType="hvm", EnaSupport=True,
    BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": snapshot, "VolumeType": "gp3"}}])["ImageId"]
ec2.modify_image_attribute(ImageId=image, Description={"Value": "described"})
assert ec2.describe_images(Owners=["self"])["Images"][0]["Description"] == "described"
copy = ec2.copy_image(Name="boto copy", SourceImageId=image, SourceRegion="eu-west-1")["ImageId"]

arguments = dict(ImageId=image, InstanceType="t3.small", MinCount=1, MaxCount=12, ClientToken="boto", KeyName="boto", SecurityGroupIds=[group], SubnetId=subnets[1]["SubnetId"],
                 UserData="#!/bin/sh\n", MetadataOptions={"HttpTokens": "required"}, HibernationOptions={"Configured": True}, Placement={"GroupName": "boto"},
                 TagSpecifications=spec("instance") + spec("volume"))
refused("DryRunOperation", ec2.run_instances, DryRun=True, **arguments)
first = ec2.run_instances(**arguments)
again = ec2.run_instances(**arguments)
assert first["ReservationId"] == again["ReservationId"] and len(again["Instances"]) == 12
refused("IdempotentParameterMismatch", ec2.run_instances, **{**arguments, "MaxCount": 13})
ids = [i["InstanceId"] for i in first["Instances"]]
ec2.get_waiter("instance_running").wait(InstanceIds=ids, WaiterConfig={"Delay": 1})
listed = [i for page in ec2.get_paginator("describe_instances").paginate(Filters=[{"Name": "tag:stratuslab:site", "Values": ["bo*"]}], PaginationConfig={"PageSize": 5})
          for r in page["Reservations"] for i in r["Instances"]]
assert sorted(i["InstanceId"] for i in listed) == sorted(ids)
assert all(i["State"]["Name"] == "running" and i["PublicIpAddress"] and i["Tags"] == tags for i in listed)
refused("InvalidInstanceID.NotFound", ec2.describe_instances, InstanceIds=["i-0123456789abcdef0"])
assert len(ec2.describe_instance_status(InstanceIds=ids)["InstanceStatuses"]) == 12
ec2.create_tags(Resources=ids[:1], Tags=[{"Key": "Name", "Value": "näme"}])
ec2.delete_tags(Resources=ids[:1], Tags=[{"Key": "stratuslab:site"}])
assert [t["Value"] for t in ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": ids[:1]}])["Tags"]] == ["näme"]
assert "login:" in ec2.get_console_output(InstanceId=ids[0])["Output"]
ec2.reboot_instances(InstanceIds=ids[:2])
assert ec2.stop_instances(InstanceIds=ids[:2], Hibernate=True)["StoppingInstances"][0]["PreviousState"]["Name"] == "running"
ec2.modify_instance_attribute(InstanceId=ids[0], InstanceType={"Value": "t3.medium"})
ec2.start_instances(InstanceIds=ids[:2])

volume = ec2.create_volume(AvailabilityZone="eu-west-1b", Size=5, VolumeType="gp3", Encrypted=True, TagSpecifications=spec("volume"))["VolumeId"]
ec2.attach_volume(VolumeId=volume, InstanceId=ids[0], Device="/dev/sdf")
assert ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0]["Attachments"][0]["InstanceId"] == ids[0]
backup = ec2.create_snapshot(VolumeId=volume, Description="backup")["SnapshotId"]
assert ec2.describe_snapshots(SnapshotIds=[backup])["Snapshots"][0]["State"] == "completed"
ec2.detach_volume(VolumeId=volume)
ec2.delete_volume(VolumeId=volume)
ec2.delete_snapshot(SnapshotId=backup)

template = ec2.create_launch_template(LaunchTemplateName="boto", LaunchTemplateData={
    "ImageId": image, "UserData": base64.b64encode(b"#!/bin/sh\n").decode()})["LaunchTemplate"]["LaunchTemplateId"]
assert ec2.describe_launch_templates(LaunchTemplateIds=[template])["LaunchTemplates"][0]["LaunchTemplateName"] == "boto"
fleet = ec2.create_fleet(Type="instant", TargetCapacitySpecification={"TotalTargetCapacity": 2, "DefaultTargetCapacityType": "spot"}, LaunchTemplateConfigs=[{
    "LaunchTemplateSpecification": {"LaunchTemplateId": template, "Version": "$Latest"}, "Overrides": [{"InstanceType": "c6a.large", "AvailabilityZone": "eu-west-1c"}, {"InstanceType": "m5.large"}]}])
assert fleet["Errors"][0]["ErrorCode"] == "Unsupported" and len(fleet["Instances"][0]["InstanceIds"]) == 2
ec2.terminate_instances(InstanceIds=ids + fleet["Instances"][0]["InstanceIds"])
ec2.get_waiter("instance_terminated").wait(InstanceIds=ids, WaiterConfig={"Delay": 1})
ec2.delete_launch_template(LaunchTemplateId=template)
ec2.deregister_image(ImageId=copy)
ec2.deregister_image(ImageId=image)
ec2.delete_placement_group(GroupName="boto")
ec2.delete_security_group(GroupId=group)
ec2.delete_key_pair(KeyName="boto")
print("done")
