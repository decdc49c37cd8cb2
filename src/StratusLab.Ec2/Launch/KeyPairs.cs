using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.KeyPairs;
using StratusLab.Ec2.Errors;
using StratusLab.Ec2.Vms;

namespace StratusLab.Ec2.Launch;

/// <summary>Sees to it that EC2 has the first ssh key of a request, for images that take keys from EC2 alone. All keys are in the user data as well.</summary>
internal sealed class KeyPairs(IEc2Client ec2)
{
    private readonly ConcurrentDictionary<string, bool> _there = new(StringComparer.Ordinal);

    /// <summary>The name of the key pair; null where there is no key of a kind that EC2 takes.</summary>
    public async Task<string?> EnsureAsync(GuestSetup guest, CancellationToken cancellationToken = default)
    {
        var key = guest.SshKeys.Select(key => key.Trim()).FirstOrDefault(key => key.StartsWith("ssh-ed25519 ", StringComparison.Ordinal) || key.StartsWith("ssh-rsa ", StringComparison.Ordinal));
        if (key is null) return null;

        // The comment is no part of the key.
        var material = string.Join(' ', key.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2));
        var name = "stratuslab-" + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(material)));
        if (_there.ContainsKey(name)) return name;
        try
        {
            await ec2.SendAsync(
                new ImportKeyPair
                {
                    KeyName = name,
                    PublicKeyMaterial = Convert.ToBase64String(Encoding.UTF8.GetBytes(material)),
                    TagSpecifications = [new TagSpecification { ResourceType = "key-pair", Tags = new Dictionary<string, string> { [VmTags.Name] = name } }],
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (HostRefusedException e) when (Ec2ErrorCode.IsDuplicate(e.Code))
        {
            // It is the same key: the name says so.
        }

        _there[name] = true;
        return name;
    }

    /// <summary>Forgets what was there: a key pair is gone.</summary>
    public void Forget() => _there.Clear();
}
