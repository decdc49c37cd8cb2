namespace StratusLab.Ec2.Tests;

/// <summary>Collects what is streamed.</summary>
internal static class Sequences
{
    public static async Task<List<T>> ToListAsync<T>(this IAsyncEnumerable<T> source)
    {
        var list = new List<T>();
        await foreach (var item in source) list.Add(item);
        return list;
    }
}
