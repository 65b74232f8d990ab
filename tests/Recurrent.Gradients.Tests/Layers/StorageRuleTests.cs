namespace Recurrent.Tests.Layers;

/// <summary>The rule of storage can be broken in three ways, and each is found.</summary>
[TestFixture]
public sealed class StorageRuleTests
{
    [Test]
    public void Matrices_of_their_own_keep_to_it()
    {
        Assert.That(() => StorageRule.Require([new(2, 3), new(2, 3)], [new(2, 3)], [new(2, 3)]), Throws.Nothing);
        DenseMatrix given = new(2, 3);
        Assert.That(
            () => StorageRule.Require([new(2, 3), given], [given, new(2, 3)], []), Throws.Nothing, "one may be handed on");
        Assert.That(() => StorageRule.Require([], [given], []), Throws.Nothing, "none is asked for");
    }

    [Test]
    public void One_matrix_for_two_inputs_breaks_it()
    {
        var same = new DenseMatrix(2, 3);
        Assert.That(() => StorageRule.Require([same, same], [], []), Throws.TypeOf<AssertionException>());

        // Another matrix over the same numbers is no other storage.
        Assert.That(() => StorageRule.Require([same, new(2, 3, same.Values)], [], []), Throws.TypeOf<AssertionException>());
    }

    [Test]
    public void Two_gradients_handed_on_break_it()
    {
        DenseMatrix[] given = [new(2, 3), new(2, 3)];
        Assert.That(() => StorageRule.Require(given, given, []), Throws.TypeOf<AssertionException>());
    }

    [Test]
    public void What_the_layer_keeps_breaks_it()
    {
        var input = new DenseMatrix(2, 3);
        Assert.That(() => StorageRule.Require([input], [], [input]), Throws.TypeOf<AssertionException>());
    }
}
