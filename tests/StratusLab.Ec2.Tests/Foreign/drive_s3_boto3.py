"""Goes through every operation of the emulated S3 and STS with boto3. Usage: drive_s3_boto3.py ENDPOINT"""
import io
import sys

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

where = dict(endpoint_url=sys.argv[1], region_name="eu-west-1")
s3 = boto3.client("s3", config=Config(s3={"addressing_style": "path"}), **where)


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
    else:
        raise AssertionError(f"{code} was due")


eu = {"LocationConstraint": "eu-west-1"}
refused("IllegalLocationConstraintException", s3.create_bucket, Bucket="bucket")
s3.create_bucket(Bucket="bucket", CreateBucketConfiguration=eu)
refused("BucketAlreadyOwnedByYou", s3.create_bucket, Bucket="bucket", CreateBucketConfiguration=eu)
assert s3.list_buckets()["Buckets"][0]["Name"] == "bucket"
assert s3.get_bucket_location(Bucket="bucket")["LocationConstraint"] == "eu-west-1"
s3.head_bucket(Bucket="bucket")
refused("404", s3.head_bucket, Bucket="nowhere")
block = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
s3.put_public_access_block(Bucket="bucket", PublicAccessBlockConfiguration=block)
assert s3.get_public_access_block(Bucket="bucket")["PublicAccessBlockConfiguration"] == block
rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
s3.put_bucket_encryption(Bucket="bucket", ServerSideEncryptionConfiguration={"Rules": [rule]})
assert s3.get_bucket_encryption(Bucket="bucket")["ServerSideEncryptionConfiguration"]["Rules"][0]["ApplyServerSideEncryptionByDefault"] == rule["ApplyServerSideEncryptionByDefault"]
s3.put_bucket_lifecycle_configuration(Bucket="bucket", LifecycleConfiguration={
    "Rules": [{"ID": "stale", "Status": "Enabled", "Filter": {"Prefix": "stratuslab/"}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}]})
assert s3.get_bucket_lifecycle_configuration(Bucket="bucket")["Rules"][0]["ID"] == "stale"
s3.put_bucket_tagging(Bucket="bucket", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
assert s3.get_bucket_tagging(Bucket="bucket")["TagSet"] == [{"Key": "a", "Value": "b"}]

s3.put_object(Bucket="bucket", Key="a folder/näme & more", Body=b"hello", Metadata={"digest": "x"}, ContentType="text/plain")
head = s3.head_object(Bucket="bucket", Key="a folder/näme & more")
assert head["ContentLength"] == 5 and head["Metadata"] == {"digest": "x"} and head["ContentType"] == "text/plain"
assert s3.get_object(Bucket="bucket", Key="a folder/näme & more")["Body"].read() == b"hello"
assert s3.get_object(Bucket="bucket", Key="a folder/näme & more", Range="bytes=1-2")["Body"].read() == b"el"
refused("NoSuchKey", s3.get_object, Bucket="bucket", Key="none")
for number in range(5):
    s3.put_object(Bucket="bucket", Key=f"many/{number}", Body=b"x")
pages = s3.get_paginator("list_objects_v2").paginate(Bucket="bucket", Prefix="many/", PaginationConfig={"PageSize": 2})
assert [o["Key"] for page in pages for o in page["Contents"]] == [f"many/{n}" for n in range(5)]
assert [p["Prefix"] for p in s3.list_objects_v2(Bucket="bucket", Delimiter="/")["CommonPrefixes"]] == ["a folder/", "many/"]

big = bytes(range(256)) * (13 << 12)
s3.upload_fileobj(io.BytesIO(big), "bucket", "big", Config=TransferConfig(multipart_threshold=6 << 20, multipart_chunksize=5 << 20))
back = io.BytesIO()
s3.download_fileobj("bucket", "big", back)
assert back.getvalue() == big and s3.head_object(Bucket="bucket", Key="big")["ETag"].endswith('-3"')

upload = s3.create_multipart_upload(Bucket="bucket", Key="parts", ChecksumAlgorithm="SHA256")["UploadId"]
first = s3.upload_part(Bucket="bucket", Key="parts", UploadId=upload, PartNumber=1, Body=big[:5 << 20], ChecksumAlgorithm="SHA256")
second = s3.upload_part(Bucket="bucket", Key="parts", UploadId=upload, PartNumber=2, Body=b"end", ChecksumAlgorithm="SHA256")
listed = s3.list_parts(Bucket="bucket", Key="parts", UploadId=upload)["Parts"]
assert [p["Size"] for p in listed] == [5 << 20, 3] and listed[0]["ChecksumSHA256"] == first["ChecksumSHA256"]
assert s3.list_multipart_uploads(Bucket="bucket", Prefix="parts")["Uploads"][0]["UploadId"] == upload
parts = [{"PartNumber": n + 1, "ETag": p["ETag"], "ChecksumSHA256": p["ChecksumSHA256"]} for n, p in enumerate([first, second])]
refused("InvalidPart", s3.complete_multipart_upload, Bucket="bucket", Key="parts", UploadId=upload, MultipartUpload={"Parts": [{**parts[0], "ETag": '"0"'}]})
s3.complete_multipart_upload(Bucket="bucket", Key="parts", UploadId=upload, MultipartUpload={"Parts": parts})
refused("NoSuchUpload", s3.abort_multipart_upload, Bucket="bucket", Key="parts", UploadId=upload)
stale = s3.create_multipart_upload(Bucket="bucket", Key="parts")["UploadId"]
s3.abort_multipart_upload(Bucket="bucket", Key="parts", UploadId=stale)

refused("BucketNotEmpty", s3.delete_bucket, Bucket="bucket")
s3.delete_objects(Bucket="bucket", Delete={"Objects": [{"Key": f"many/{n}"} for n in range(5)]})
for key in ("big", "parts", "a folder/näme & more"):
    s3.delete_object(Bucket="bucket", Key=key)
s3.delete_bucket(Bucket="bucket")
wrong = boto3.client("s3", aws_secret_access_key="wrong", aws_access_key_id=boto3.Session().get_credentials().access_key, **where)
refused("SignatureDoesNotMatch", wrong.list_buckets)

sts = boto3.client("sts", **where)
assert sts.get_caller_identity()["Account"] == "123456789012"
assert sts.decode_authorization_message(EncodedMessage="encoded")["DecodedMessage"] == '{"allowed":false}'
refused("InvalidAuthorizationMessageException", sts.decode_authorization_message, EncodedMessage="other")
assert sts.assume_role(RoleArn="arn:aws:iam::123456789012:role/r", RoleSessionName="session")["Credentials"]["SessionToken"]
print("done")
