using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>What an EinsumDense gives is what its equation says, summed up letter by letter.</summary>
[TestFixture]
public sealed class EinsumDenseTests
{
    [TestCase("ab,bc->ac", "ab,bc->ac", "c")]
    [TestCase("abc,cd->abd", "abc,cd->abd", "d")]
    [TestCase("abc,dc->abd", "abc,dc->abd", "bd")]
    [TestCase("...x,xy->...y", "abx,xy->aby", "y")]
    [TestCase("...x,xy->...y", "abcx,xy->abcy", "y")]
    [TestCase("ab...,bc->ac...", "abde,bc->acde", "c")]
    [TestCase("abc,cde->abde", "abc,cde->abde", "d")]
    [TestCase("abc,ecd->abde", "abc,ecd->abde", "e")]
    [TestCase("abcd,cde->abe", "abcd,cde->abe", "e")]
    [TestCase("abcd,dce->abe", "abcd,dce->abe", null)]
    [TestCase("abcd,cde->abce", "abcd,cde->abce", "ce")]
    [TestCase("abcd,bde->acbe", "abcd,bde->acbe", "b")]
    [TestCase("abc,c->abc", "abc,c->abc", "b")]
    [TestCase("abc,cd->ad", "abc,cd->ad", "d")]
    [TestCase("abc,cd->adb", "abc,cd->adb", "db")]
    [TestCase("abc,bd->adc", "abc,bd->adc", "c")]
    [TestCase("ab,c->acb", "ab,c->acb", "cb")]
    public void It_gives_the_sums_of_its_equation(string equation, string letters, string? bias)
    {
        var lengths = new Dictionary<char, int>
        {
            ['a'] = 2,
            ['b'] = 3,
            ['c'] = 4,
            ['d'] = 2,
            ['e'] = 5,
            ['x'] = 3,
            ['y'] = 4,
        };
        string[] parts = letters.Split(",", 2)[1].Split("->");
        (string input, string kernel, string output) = (letters.Split(',')[0], parts[0], parts[1]);
        string named = equation.Split("->")[1].Replace(".", string.Empty, StringComparison.Ordinal);
        string ofSample = equation.StartsWith('.') ? named : named[1..];
        int?[] outputShape = [.. ofSample.Select(letter => input.Contains(letter) ? null : (int?)lengths[letter])];
        var layer = new EinsumDense(equation, outputShape, biasAxes: bias, biasInitializer: "random_normal");
        var sample = new Shape([.. input.Skip(1).Select(letter => (int?)lengths[letter])]);
        layer.Build(sample, seed: 3);
        var x = new NDArray([.. input.Select(letter => lengths[letter])], Numbers(Size(input), 1));
        Pass pass = layer.CreatePass(new(sample, 2, Differentiable: false, InputGradient: false));
        layer.Prepare();
        pass.Begin(training: false, key: 0);
        NDArray y = layer.Forward(pass, SequenceBatch.FromArray(x)).ToArray();

        string all = string.Concat((input + kernel + output).Distinct());
        var expected = new double[Size(output)];
        foreach (Dictionary<char, int> place in Places(all))
        {
            expected[At(output, place)] += (double)x.Values[At(input, place)] * layer.Parameters[0].Values[At(kernel, place)];
        }

        foreach (Dictionary<char, int> place in Places(bias is null ? string.Empty : output))
        {
            string axes = string.Concat(output.Where(bias!.Contains));
            expected[At(output, place)] += layer.Parameters[1].Values[At(axes, place)];
        }

        Assert.That(y.Values, Is.EqualTo(expected).Within(1e-12));
        if (bias is null)
        {
            Assert.That(layer.Parameters, Has.Count.EqualTo(1));
        }

        IEnumerable<int> Indices(string axes) => Enumerable.Range(0, axes.Length == 0 ? 0 : Size(axes));

        int Size(string axes) => axes.Aggregate(1, (size, letter) => size * lengths[letter]);

        int At(string axes, Dictionary<char, int> place) =>
            axes.Aggregate(0, (at, letter) => (at * lengths[letter]) + place[letter]);

        IEnumerable<Dictionary<char, int>> Places(string axes) => Indices(axes).Select(index =>
        {
            var place = new Dictionary<char, int>();
            foreach (char letter in axes.Reverse())
            {
                place[letter] = index % lengths[letter];
                index /= lengths[letter];
            }

            return place;
        });
    }

    [Test]
    public void Parameters_have_the_shapes_of_Keras()
    {
        Assert.That(Shapes(new("abc,cde->abde", [null, 2, 4], biasAxes: "de"), (5, 3)), Is.EqualTo("(3, 2, 4) (2, 4)"));
        Assert.That(Shapes(new("abc,cde->abde", [null, 2, 4], biasAxes: "d"), (5, 3)), Is.EqualTo("(3, 2, 4) (2, 1)"));
        Assert.That(Shapes(new("abc,cd->abd", [5, 4], biasAxes: "b"), (5, 3)), Is.EqualTo("(3, 4) (5, 1)"));
        Assert.That(Shapes(new("ab...,bc->ac...", [4], biasAxes: "c"), (5, 3)), Is.EqualTo("(5, 4) (4, 1)"));
        Assert.That(Shapes(new("...x,xy->...y", [4], biasAxes: "y"), (5, 3)), Is.EqualTo("(3, 4) (4)"));
    }

    private static string Shapes(EinsumDense layer, Shape sample)
    {
        layer.Build(sample, seed: 0);
        return string.Join(" ", layer.Parameters.Select(parameter => NDArray.Describe(parameter.Shape)));
    }

    private static Real[] Numbers(int count, ulong index)
    {
        var values = new Real[count];
        LayerRun.FillRandomly(values, index);
        return values;
    }
}
